from django.urls import include, path

from sharing.files import views

_FILE = [
    path("name/", views.rename, name="file_name"),
    path("deletion/", views.delete, name="file_deletion"),
    path("restoration/", views.restore, name="file_restoration"),
    path("removal/", views.remove, name="file_removal"),
    path("download/", views.download, name="file_download"),
    path("preview/", views.preview, name="file_preview"),
    path("thumbnail/", views.thumbnail, name="file_thumbnail"),
]

_UPLOADS = [
    path("", views.start_upload, name="uploads"),
    path("<uuid:pk>/", views.show_upload, name="upload"),
    path("<uuid:pk>/completion/", views.complete_upload, name="upload_completion"),
    path("<uuid:pk>/cancellation/", views.cancel_upload, name="upload_cancellation"),
]

urlpatterns = [
    path("files/<uuid:pk>/", include(_FILE)),
    path("uploads/", include(_UPLOADS)),
    path("trash/emptying/", views.empty_trash, name="trash_emptying"),
]
