from django.urls import include, path

from yteso.config.health import health
from yteso.pages.developer.views import api_docs


urlpatterns = [
    path("health", health),
    path("", include("yteso.pages.account.urls")),
    path("co-so/", include("yteso.pages.facility.urls")),
    path("quan-ly/", include("yteso.pages.authority.urls")),
    path("so-suc-khoe/", include("yteso.pages.book.urls")),
    path("", include("yteso.pages.guide.urls")),
    path("api/v1/docs", api_docs, name="api-docs"),
    path("api/v1/", include("yteso.exchange.api.urls")),
    path("api/", include("yteso.exchange.portal.urls")),
]

handler400 = "yteso.pages.base.errors.bad_request"
handler403 = "yteso.pages.base.errors.forbidden"
handler404 = "yteso.pages.base.errors.not_found"
handler500 = "yteso.pages.base.errors.server_error"
