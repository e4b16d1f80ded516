from django.urls import path

from sharing.links import views

urlpatterns = [
    path("links/<str:public_id>/", views.show, name="link"),
    path("links/<str:public_id>/expiry/", views.change_expiry, name="link_expiry"),
    path("links/<str:public_id>/revocation/", views.revoke, name="link_revocation"),
    path("s/<str:token>/", views.landing, name="landing"),
    path("s/<str:token>/progress/", views.progress, name="landing_progress"),
    path("s/<str:token>/files/<uuid:file_id>/download/", views.download, name="landing_download"),
]
