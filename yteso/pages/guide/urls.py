from django.urls import path

from yteso.pages.guide import views


app_name = "guide"
urlpatterns = [
    path("fhir/guide", views.index, name="index"),
    path("fhir/guide/profiles/<slug:id>", views.profile, name="profile"),
    path("fhir/guide/extensions", views.extensions, name="extensions"),
    path("fhir/guide/identifiers", views.identifiers, name="identifiers"),
    path("fhir/guide/code-systems", views.code_systems, name="code-systems"),
    path("fhir/guide/code-systems/<slug:id>", views.code_system, name="code-system"),
    path("fhir/guide/maps", views.maps, name="maps"),
    path("fhir/guide/vn-core", views.vn_core, name="vn-core"),
    path("fhir/guide/package.tgz", views.package, name="package"),
    path("fhir/guide/<slug:type>/<str:id>.json", views.resource, name="resource"),
]
