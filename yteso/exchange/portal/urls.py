from django.urls import path

from yteso.exchange.portal.services import door


urlpatterns = [path("<str:group>/<str:call>", door, name="portal-door")]
