from django.urls import path

from yteso.pages.facility import dossier_history, downloads, quality, views


app_name = "facility"
urlpatterns = [
    path("", views.submissions, name="submissions"),
    path("gui/", views.upload, name="upload"),
    path("gui/da-nhan/", views.uploaded, name="uploaded"),
    path("chat-luong/", quality.card, name="quality"),
    path("chat-luong/thieu/<str:kind>/", quality.missing, name="quality-missing"),
    path("lan-gui/<int:number>/", views.submission, name="submission"),
    path("lan-gui/<int:number>/bien-nhan/", views.receipt, name="receipt"),
    path("lan-gui/<int:number>/ho-so/", views.dossiers, name="dossiers"),
    path("lan-gui/<int:number>/ho-so/<int:position>/", views.dossier, name="dossier"),
    path("lan-gui/<int:number>/ho-so/<int:position>/lich-su/", dossier_history.history, name="history"),
    path("lan-gui/<int:number>/ho-so/<int:position>/rut/", dossier_history.withdraw, name="withdraw"),
    path("lan-gui/<int:number>/loi/<slug:rule>/", views.rule, name="rule"),
    path("lan-gui/<int:number>/loi.csv", downloads.findings_csv, name="csv"),
    path("lan-gui/<int:number>/loi.xlsx", downloads.findings_xlsx, name="xlsx"),
]
