from django.urls import path

from yteso.pages.account import views


urlpatterns = [
    path("", views.home, name="home"),
    path("dang-nhap/", views.SignIn.as_view(), name="sign-in"),
    path("dang-xuat/", views.sign_out, name="sign-out"),
    path("ngon-ngu/<slug:code>/", views.language, name="language"),
]
