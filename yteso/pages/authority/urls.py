from django.urls import path

from yteso.pages.authority import views


app_name = "authority"
urlpatterns = [
    path("", views.ranking, name="ranking"),
    path("xep-hang.csv", views.ranking_csv, name="csv"),
    path("lau-khong-gui/", views.silent, name="silent"),
    path("lien-thong/", views.interconnection, name="interconnection"),
    path("co-so/<str:facility>/", views.card, name="card"),
]
