from django.urls import path

from yteso.pages.facility import views


app_name = "facility"
urlpatterns = []
