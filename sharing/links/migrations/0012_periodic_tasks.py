from django.conf import settings
from django.db import migrations, models

from sharing.online_index import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("files", "0008_periodic_tasks"),
        ("links", "0011_notice_watermark"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexOnline(
            model_name="download",
            index=models.Index(
                condition=models.Q(("network", None), ("user_agent", ""), ("visitor", ""), _negated=True),
                fields=["at"],
                name="download_to_forget",
            ),
        ),
        AddIndexOnline(
            model_name="link",
            index=models.Index(
                condition=models.Q(("revoked_at", None)), fields=["expires_at"], name="link_to_expire"
            ),
        ),
        AddIndexOnline(
            model_name="recipient",
            index=models.Index(
                condition=models.Q(("revoked_at__isnull", False)),
                fields=["revoked_at"],
                name="recipient_revoked",
            ),
        ),
    ]
