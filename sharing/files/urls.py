from django.urls import path

from sharing.files import views

urlpatterns = [
    path("files/<uuid:pk>/name/", views.rename, name="file_name"),
    path("files/<uuid:pk>/deletion/", views.delete, name="file_deletion"),
    path("files/<uuid:pk>/restoration/", views.restore, name="file_restoration"),
    path("files/<uuid:pk>/removal/", views.remove, name="file_removal"),
    path("trash/emptying/", views.empty_trash, name="trash_emptying"),
    path("files/<uuid:pk>/download/", views.download, name="file_download"),
    path("files/<uuid:pk>/preview/", views.preview, name="file_preview"),
    path("files/<uuid:pk>/thumbnail/", views.thumbnail, name="file_thumbnail"),
    path("uploads/", views.start_upload, name="uploads"),
    path("uploads/<uuid:pk>/", views.show_upload, name="upload"),
    path("uploads/<uuid:pk>/completion/", views.complete_upload, name="upload_completion"),
    path("uploads/<uuid:pk>/cancellation/", views.cancel_upload, name="upload_cancellation"),
]
