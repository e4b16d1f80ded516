"""Every job that comes back: a forgotten one would fail silently."""

from datetime import timedelta

from sharing.runtime.periodic import collect

SECONDS, MINUTE, TEN_MINUTES = timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_these_jobs_come_back_and_this_often() -> None:
    jobs = list(collect())
    assert {job.name: (job.task.func.__name__, job.every) for job in jobs} == {
        "heal arrived uploads": ("heal_arrived_uploads", TEN_MINUTES),
        "examine checksums": ("examine_checksums", HOUR),
        "release what is gone": ("release_what_is_gone", MINUTE),
        "watch parts": ("watch_parts", MINUTE),
        "expire uploads": ("expire_uploads", TEN_MINUTES),
        "finish moves": ("finish_moves", SECONDS),
        "clear leftovers": ("clear_leftovers", TEN_MINUTES),
        "discard expired trash": ("discard_expired_trash", HOUR),
        "purge discarded files": ("purge_discarded_files", HOUR),
        "send due mails": ("send_due_mails", MINUTE),
        "remind recipients": ("remind_recipients", TEN_MINUTES),
        "tell senders": ("tell_senders", MINUTE),
        "forget addresses": ("forget_addresses", DAY),
        "tell owners": ("tell_owners", MINUTE),
        "prune task results": ("prune_task_results", DAY),
        "clear sessions": ("clear_sessions", DAY),
    }
    assert len({job.name for job in jobs}) == len(jobs)
