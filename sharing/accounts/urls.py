from django.urls import include, path, re_path

from sharing.accounts.views import confirm_email, invitation, profile, sessions, setup, sign_up

urlpatterns = [
    path("setup/<str:token>/", setup.set_up, name="setup"),
    path("accounts/invitations/<str:token>/", invitation.accept, name="invitation"),
    path("accounts/profile/", profile.profile, name="profile"),
    path("accounts/profile/notices/", profile.notices, name="notices"),
    re_path(
        r"^accounts/confirm-email/(?P<key>[-:\w]+)/$",
        confirm_email.ConfirmEmail.as_view(),
        name="account_confirm_email",
    ),
    path("accounts/signup/", sign_up.SignUp.as_view(), name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/sessions/<int:pk>/ending/", sessions.end, name="session_ending"),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
]
