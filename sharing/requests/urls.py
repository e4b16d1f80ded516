from django.urls import path

from sharing.addresses.forms import RemovePasswordForm, SetNameForm
from sharing.requests import forms, views

urlpatterns = [
    path("requests/", views.requests, name="file_requests"),
    path("requests/<str:public_id>/", views.show, name="file_request"),
    path(
        "requests/<str:public_id>/words/",
        views.change_rule(forms.ChangeWordsForm),
        name="file_request_words",
    ),
    path(
        "requests/<str:public_id>/expiry/",
        views.change_rule(forms.ChangeExpiryForm),
        name="file_request_expiry",
    ),
    path(
        "requests/<str:public_id>/limits/",
        views.change_rule(forms.ChangeLimitsForm),
        name="file_request_limits",
    ),
    path(
        "requests/<str:public_id>/password/",
        views.change_rule(forms.ChangePasswordForm),
        name="file_request_password",
    ),
    path(
        "requests/<str:public_id>/password/removal/",
        views.change_rule(RemovePasswordForm),
        name="file_request_password_removal",
    ),
    path("requests/<str:public_id>/name/", views.change_rule(SetNameForm), name="file_request_name"),
    path("requests/<str:public_id>/closing/", views.close, name="file_request_closing"),
    path("requests/<str:public_id>/reopening/", views.reopen, name="file_request_reopening"),
    path("requests/<str:public_id>/link/", views.make_link, name="file_request_link"),
    path("r/<str:address>/", views.landing, name="request_landing"),
    path("r/<str:address>/uploads/", views.start_upload, name="request_uploads"),
    path("r/<str:address>/uploads/<uuid:upload_id>/", views.show_upload, name="request_upload"),
    path(
        "r/<str:address>/uploads/<uuid:upload_id>/completion/",
        views.complete_upload,
        name="request_upload_completion",
    ),
    path(
        "r/<str:address>/uploads/<uuid:upload_id>/withdrawal/",
        views.delete_upload,
        name="request_upload_withdrawal",
    ),
]
