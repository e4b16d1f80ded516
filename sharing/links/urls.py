from django.urls import include, path

from sharing.addresses.forms import RemovePasswordForm, SetExpiryForm, SetNameForm
from sharing.links import forms, views

# Below the address of a link.
_VISITORS = [
    path("", views.landing, name="landing"),
    path("code/", views.mail_code, name="landing_code"),
    path("more-time/", views.ask_for_more_time, name="landing_more_time"),
    path("progress/", views.progress, name="landing_progress"),
    path("files/<uuid:file_id>/download/", views.download, name="landing_download"),
    path("files/<uuid:file_id>/preview/", views.preview, name="landing_preview"),
    path("files/<uuid:file_id>/thumbnail/", views.thumbnail, name="landing_thumbnail"),
    path("files.sh", views.collection_script, name="landing_script"),
    path("collection/", views.collect, name="landing_collection"),
    path("collection/urls/", views.collection_urls, name="landing_collection_urls"),
]

urlpatterns = [
    path("s/collector.js", views.service_worker, name="collector"),
    path("s/<str:address>/", include(_VISITORS)),
    path("links/new/", views.make, name="new_link"),
    path("links/<str:public_id>/", views.show, name="link"),
    path("links/<str:public_id>/words/", views.change_rule(forms.ChangeWordsForm), name="link_words"),
    path("links/<str:public_id>/expiry/", views.change_rule(SetExpiryForm), name="link_expiry"),
    path("links/<str:public_id>/extension/", views.extend, name="link_extension"),
    path("links/<str:public_id>/limit/", views.change_rule(forms.ChangeLimitForm), name="link_limit"),
    path(
        "links/<str:public_id>/password/",
        views.change_rule(forms.ChangePasswordForm),
        name="link_password",
    ),
    path(
        "links/<str:public_id>/password/removal/",
        views.change_rule(RemovePasswordForm),
        name="link_password_removal",
    ),
    path("links/<str:public_id>/code/", views.change_rule(forms.ChangeCodeForm), name="link_code"),
    path(
        "links/<str:public_id>/previews/",
        views.change_rule(forms.ChangePreviewsForm),
        name="link_previews",
    ),
    path("links/<str:public_id>/card/", views.change_rule(forms.ChangeCardForm), name="link_card"),
    path("links/<str:public_id>/name/", views.change_rule(SetNameForm), name="link_name"),
    path("links/<str:public_id>/files/<uuid:file_id>/removal/", views.remove_file, name="link_file_removal"),
    path("links/<str:public_id>/history.csv", views.export_history, name="link_history"),
    path("links/<str:public_id>/revocation/", views.revoke, name="link_revocation"),
    path("links/<str:public_id>/recipients/", views.mail, name="link_recipients"),
    path("recipients/<str:public_id>/mail/", views.mail_again, name="recipient_mail"),
    path("recipients/<str:public_id>/revocation/", views.revoke_recipient, name="recipient_revocation"),
]
