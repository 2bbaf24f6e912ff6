from yteso.cli import main


main()
