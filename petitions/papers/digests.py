"""What a leader reads of a matter: facts, and no caller. Telephone and identity numbers in titles are hidden."""

from datetime import datetime

from django.utils import timezone

from accounts.masking import mask_numbers
from petitions.models import Petition, SupervisionNotice, Topic


def of_petition(petition: Petition, at: datetime) -> str:
    days = (at - petition.registered_at).days
    unit = f"承办单位{petition.unit}，" if petition.unit else ""
    redone = f"，已重办 {petition.redo_count} 次" if petition.redo_count else ""
    return (
        f"工单 {petition.number}，{petition.place}，{petition.item.name}：{mask_numbers(petition.title)}。"
        f"{unit}登记至今 {days} 天{redone}。"
    )


def of_notice(notice: SupervisionNotice, at: datetime) -> str:
    days = f"，{timezone.localtime(notice.issued_at):%m月%d日}下发" if notice.issued_at else ""
    return f"{of_petition(notice.petition, at)}\n督办通知单 {notice.number}{days}，{notice.get_state_display()}。"


def of_topic(topic: Topic, at: datetime) -> str:
    meeting = topic.meeting
    assert meeting is not None
    parts = [of_petition(topic.petition, at) if topic.petition else f"议题：{mask_numbers(topic.title)}。"]
    held = f"{timezone.localtime(meeting.held_at):%Y年%m月%d日}"
    for decision in topic.decisions.select_related("task__unit"):
        task = getattr(decision, "task", None)
        late = f"；由{task.unit}牵头，{timezone.localtime(task.due_at):%m月%d日}到期，至今未完成。" if task else ""
        parts.append(f"{held}会议议定：{mask_numbers(decision.content.rstrip('。'))}{late or '。'}")
    if topic.result:
        parts.append(f"{held}会议未能解决：{mask_numbers(topic.result)}")
    return "\n".join(parts)
