"""A worker dies in the middle of a batch: what it had not committed is as if it had never begun."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Notice, Unit
from petitions.models import Clock, Event, Promise
from shouyang import processes
from tests.cast import Cast, call
from tests.faults import sessions
from tests.faults.conftest import Programs
from tests.waiting import wait

CLOCKS = 4 * 500  # four batches

MANY = """
INSERT INTO petitions_clock (petition_id, promise, promise_class, unit_id, amount, span, started_at, due_at,
    provisional, ticks, effects, rung, next_tick_at, fault)
SELECT %(petition)s, %(promise)s, 'complaint', u.id, 1, 'working_day', now() - interval '2 days',
    now() - interval '1 hour', false, ARRAY[now() - n * interval '1 second'], ARRAY['red_card'], 0,
    now() - n * interval '1 second', ''
FROM generate_series(1, %(count)s) n JOIN accounts_unit u ON u.name = '试验单位' || n
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_batch_loses_and_repeats_nothing(cast: Cast, programs: Programs) -> None:
    _many_due_clocks(cast)
    worker = programs.start(processes.worker())
    wait(_is_listening(programs), programs.said)
    with transaction.atomic(), connection.cursor() as cursor:
        # No event can be written while this lock is held: the sweep stands in the middle of its first batch.
        cursor.execute("LOCK TABLE petitions_event IN SHARE MODE")
        programs.queue.send_task("petitions.ring_due")
        wait(sessions.waiting, programs.said)
        programs.kill(worker)
    wait(lambda: not sessions.under_way())
    assert Clock.objects.filter(next_tick_at__lte=timezone.now()).count() == CLOCKS, "nothing is lost"
    assert not Event.objects.filter(action="red_card").exists(), "nothing is half done"

    programs.start(processes.worker())
    programs.queue.send_task("petitions.ring_due")  # as beat does, fifteen seconds later
    wait(lambda: not Clock.objects.exclude(next_tick_at=None).exists(), programs.said)
    assert Event.objects.filter(action="red_card").count() == CLOCKS, "each rang, none twice"
    assert Clock.objects.filter(rung=1).count() == CLOCKS
    keys = Notice.objects.of(cast.officer).filter(key__startswith="clock:").values_list("key", flat=True)
    assert len(keys) == len(set(keys))


def _many_due_clocks(cast: Cast) -> None:
    petition = call(cast, at=timezone.now())
    Clock.objects.update(stopped_at=timezone.now(), next_tick_at=None)
    Unit.objects.bulk_create(Unit(name=f"试验单位{n}", kind=Unit.Kind.DEPARTMENT) for n in range(1, CLOCKS + 1))
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"petition": petition.pk, "promise": Promise.RESOLVE, "count": CLOCKS})


def _is_listening(programs: Programs) -> Callable[[], object]:
    control = programs.queue.control
    return lambda: control.ping(timeout=0.5, limit=1)
