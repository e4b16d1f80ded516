from django.urls import URLPattern, URLResolver, include, path

from sharing.links import views

# All files of a link at once.
_COLLECTION = [
    path("", views.collect, name="landing_collection"),
    path("urls/", views.collection_urls, name="landing_collection_urls"),
]

# Below the address of a link.
_VISITORS: list[URLPattern | URLResolver] = [
    path("", views.landing, name="landing"),
    path("code/", views.mail_code, name="landing_code"),
    path("more-time/", views.ask_for_more_time, name="landing_more_time"),
    path("progress/", views.progress, name="landing_progress"),
    path("files/<uuid:file_id>/download/", views.download, name="landing_download"),
    path("files/<uuid:file_id>/preview/", views.preview, name="landing_preview"),
    path("files/<uuid:file_id>/thumbnail/", views.thumbnail, name="landing_thumbnail"),
    path("files.sh", views.collection_script, name="landing_script"),
    path("collection/", include(_COLLECTION)),
]

# Of the owner: the link's page, its settings, what ends it, and whom it was mailed to.
_LINK = [
    path("", views.show, name="link"),
    path("receiver/", views.show_as_receiver, name="link_as_receiver"),
    path("settings/", views.change_settings, name="link_settings"),
    path("extension/", views.extend, name="link_extension"),
    path("files/<uuid:file_id>/removal/", views.remove_file, name="link_file_removal"),
    path("history.csv", views.export_history, name="link_history"),
    path("revocation/", views.revoke, name="link_revocation"),
    path("recipients/", views.mail, name="link_recipients"),
]

_RECIPIENT = [
    path("mail/", views.mail_again, name="recipient_mail"),
    path("revocation/", views.revoke_recipient, name="recipient_revocation"),
]

urlpatterns = [
    path("s/collector.js", views.service_worker, name="collector"),
    path("s/<str:address>/", include(_VISITORS)),
    path("changes/", views.changes, name="changes"),
    path("links/new/", views.make, name="new_link"),
    path("links/defaults/", views.change_defaults, name="link_defaults"),
    path("links/extension/", views.extend_links, name="links_extension"),
    path("links/deletion/", views.delete_links, name="links_deletion"),
    path("links/revocation/", views.revoke_links, name="links_revocation"),
    path("links/<str:public_id>/", include(_LINK)),
    path("recipients/<str:public_id>/", include(_RECIPIENT)),
]
