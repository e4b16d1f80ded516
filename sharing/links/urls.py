from django.urls import path

from sharing.links import views

urlpatterns = [
    path("links/new/", views.make, name="new_link"),
    path("links/<str:public_id>/", views.show, name="link"),
    path("links/<str:public_id>/words/", views.change_words, name="link_words"),
    path("links/<str:public_id>/expiry/", views.change_expiry, name="link_expiry"),
    path("links/<str:public_id>/extension/", views.extend, name="link_extension"),
    path("links/<str:public_id>/limit/", views.change_limit, name="link_limit"),
    path("links/<str:public_id>/password/", views.set_password, name="link_password"),
    path("links/<str:public_id>/password/removal/", views.remove_password, name="link_password_removal"),
    path("links/<str:public_id>/code/", views.change_code, name="link_code"),
    path("links/<str:public_id>/previews/", views.change_previews, name="link_previews"),
    path("links/<str:public_id>/card/", views.change_card, name="link_card"),
    path("links/<str:public_id>/name/", views.change_name, name="link_name"),
    path("links/<str:public_id>/files/<uuid:file_id>/removal/", views.remove_file, name="link_file_removal"),
    path("links/<str:public_id>/history.csv", views.export_history, name="link_history"),
    path("links/<str:public_id>/revocation/", views.revoke, name="link_revocation"),
    path("links/<str:public_id>/recipients/", views.mail, name="link_recipients"),
    path("recipients/<str:public_id>/mail/", views.mail_again, name="recipient_mail"),
    path("recipients/<str:public_id>/revocation/", views.revoke_recipient, name="recipient_revocation"),
    path("s/collector.js", views.collector, name="collector"),
    path("s/<str:token>/", views.landing, name="landing"),
    path("s/<str:token>/code/", views.mail_code, name="landing_code"),
    path("s/<str:token>/more-time/", views.ask_for_more_time, name="landing_more_time"),
    path("s/<str:token>/progress/", views.progress, name="landing_progress"),
    path("s/<str:token>/files/<uuid:file_id>/download/", views.download, name="landing_download"),
    path("s/<str:token>/files/<uuid:file_id>/preview/", views.preview, name="landing_preview"),
    path("s/<str:token>/files.sh", views.collection_script, name="landing_script"),
    path("s/<str:token>/collection/", views.collect, name="landing_collection"),
    path("s/<str:token>/collection/urls/", views.collection_urls, name="landing_collection_urls"),
]
