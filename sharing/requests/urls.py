from django.urls import path

from sharing.requests import changes, landing, sending, views

urlpatterns = [
    path("requests/", views.requests, name="file_requests"),
    path("requests/<str:public_id>/", views.show, name="file_request"),
    path("requests/<str:public_id>/words/", changes.change_words, name="file_request_words"),
    path("requests/<str:public_id>/expiry/", changes.change_expiry, name="file_request_expiry"),
    path("requests/<str:public_id>/limits/", changes.change_limits, name="file_request_limits"),
    path("requests/<str:public_id>/password/", changes.set_password, name="file_request_password"),
    path(
        "requests/<str:public_id>/password/removal/",
        changes.remove_password,
        name="file_request_password_removal",
    ),
    path("requests/<str:public_id>/name/", changes.change_name, name="file_request_name"),
    path("requests/<str:public_id>/closing/", views.close, name="file_request_closing"),
    path("requests/<str:public_id>/reopening/", views.reopen, name="file_request_reopening"),
    path("requests/<str:public_id>/link/", views.make_link, name="file_request_link"),
    path("r/<str:address>/", landing.landing, name="request_landing"),
    path("r/<str:address>/uploads/", sending.start, name="request_uploads"),
    path("r/<str:address>/uploads/<uuid:upload_id>/", sending.show, name="request_upload"),
    path(
        "r/<str:address>/uploads/<uuid:upload_id>/completion/",
        sending.complete,
        name="request_upload_completion",
    ),
    path(
        "r/<str:address>/uploads/<uuid:upload_id>/withdrawal/",
        sending.take_back,
        name="request_upload_withdrawal",
    ),
]
