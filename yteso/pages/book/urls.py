from django.urls import path

from yteso.pages.book import downloads, views


app_name = "book"
urlpatterns = [
    path("", views.home, name="home"),
    path("luot-kham/<slug:id>/", views.visit, name="visit"),
    path("luot-kham/<slug:id>/giay/<slug:table>/<int:place>/", views.paper, name="paper"),
    path("luot-kham/<slug:id>.pdf", downloads.visit, name="visit-pdf"),
    path("so-suc-khoe.pdf", downloads.book, name="pdf"),
    path("thuoc/", views.medicines, name="medicines"),
    path("ket-qua/", views.results, name="results"),
    path("ket-qua/<slug:slug>/", views.trend, name="trend"),
    path("giay-to/", views.papers, name="papers"),
    path("ai-da-xem/", views.looked, name="looked"),
    path("nguoi/<uuid:person>/", views.person, name="person"),
]
