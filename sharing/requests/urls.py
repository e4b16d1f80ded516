from django.urls import include, path

from sharing.requests import views

# Of the owner.
_REQUEST = [
    path("", views.show, name="file_request"),
    path("settings/", views.change_settings, name="file_request_settings"),
    path("closing/", views.close, name="file_request_closing"),
    path("reopening/", views.reopen, name="file_request_reopening"),
    path("link/", views.make_link, name="file_request_link"),
]

# Below the address of a request.
_GUESTS = [
    path("", views.landing, name="request_landing"),
    path("uploads/", views.start_upload, name="request_uploads"),
    path("uploads/<uuid:upload_id>/", views.show_upload, name="request_upload"),
    path("uploads/<uuid:upload_id>/completion/", views.complete_upload, name="request_upload_completion"),
    path("uploads/<uuid:upload_id>/withdrawal/", views.delete_upload, name="request_upload_withdrawal"),
]

urlpatterns = [
    path("requests/", views.requests, name="file_requests"),
    path("requests/<str:public_id>/", include(_REQUEST)),
    path("r/<str:address>/", include(_GUESTS)),
]
