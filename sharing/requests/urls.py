from django.urls import include, path

from sharing.addresses.forms import RemovePasswordForm, SetNameForm, SetPasswordForm
from sharing.requests import forms, views

# Of the owner.
_REQUEST = [
    path("", views.show, name="file_request"),
    path("words/", views.change_rule(forms.ChangeWordsForm), name="file_request_words"),
    path("expiry/", views.change_rule(forms.ChangeExpiryForm), name="file_request_expiry"),
    path("limits/", views.change_rule(forms.ChangeLimitsForm), name="file_request_limits"),
    path("password/", views.change_rule(SetPasswordForm), name="file_request_password"),
    path("password/removal/", views.change_rule(RemovePasswordForm), name="file_request_password_removal"),
    path("name/", views.change_rule(SetNameForm), name="file_request_name"),
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
