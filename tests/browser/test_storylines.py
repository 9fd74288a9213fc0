"""Stories of the city told in real browsers, from the first word of a resident to the last."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.desks import Desks, send, somebody_of, take_a_call

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

BUREAU, HOUSING = "寿光市综合行政执法局", "寿光市住房和城乡建设局"
WARMTH = "寿光暖邻热力（演示）"
COLD = {
    "来电号码": "12000000033",
    "姓名": "李桂兰",
    "诉求内容": "换热站停了三天，楼上楼下暖气都不热，屋里只有十三度。",
    "事项": "D09",
}
LAW = "三定规定：供热不属本单位职责"
SAID = "请牵头单位主要负责人亲自研究解决。"
REACHED = {"是否联系上": "已联系上", "联系记录": "约好下午上门测温"}
ANSWERED = {"是否接通": "接通", "规定时间内联系您": "是"}
STILL_COLD = ANSWERED | {"是否解决": "未解决", "是否满意": "不满意"}
CONTENT = ANSWERED | {"是否解决": "已解决", "是否满意": "满意"}


@dataclass
class Story:
    """One petition, and the desks it passes; each keeps its page open until the end."""

    desks: Desks
    number: str
    code: str
    pages: dict[str, Page] = field(default_factory=dict)

    def at_the_desk_of(self, who: str, address: str = "") -> Page:
        if who not in self.pages:
            self.pages[who] = self.desks.of(who)
        self.pages[who].goto(address or f"/petitions/{self.number}/")
        return self.pages[who]

    def does(self, who: str, action: str, **words: Any) -> Locator:
        """Fills in the action's form and sends it; what the page then tells."""
        page = self.at_the_desk_of(who, f"/petitions/{self.number}/do/{action}/")
        send(page.locator(".action-form"), **words)
        expect(page.locator("#flashes")).to_contain_text("现在")
        return page.locator("#flashes")

    def handles(self, who: str, paper: str, action: str, **words: Any) -> None:
        """The same to a meeting, a briefing, a task, a notice: the page without the form comes when it is done."""
        page = self.at_the_desk_of(who, f"{paper}do/{action}/")
        send(page.locator(".action-form"), **words)
        expect(page).to_have_url(re.compile(f"{paper}(#doing)?$"))

    def sees(self, who: str, *sentences: str, at: str = "") -> None:
        main = self.at_the_desk_of(who, at).locator("main")
        for sentence in sentences:
            expect(main).to_contain_text(sentence)

    def paper(self, who: str, kind: str) -> str:
        """The address of the paper of a kind that stands first beside the petition: of the briefings, the newest."""
        papers = self.at_the_desk_of(who).locator(f"#papers a[href^='/{kind}/']")
        return str(papers.first.get_attribute("href"))

    def ends(self) -> None:
        for page in self.pages.values():
            page.close()


def tomorrow() -> str:
    return f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"


def test_a_missing_manhole_cover_is_fenced_off_and_replaced(desks: Desks, tmp_path: Path) -> None:
    story = Story(desks, *reported_from_the_street(desks.stranger(width=390), photo_of(tmp_path / "井口.jpg")))
    told = story.does("operator", "accept", 诉求性质="求助")
    expect(told).to_contain_text("受理了诉求")
    story.does("dispatcher", "dispatch", 主办单位=HOUSING)
    the_unit_signs_in_time(story)
    story.does("housing", "contact", **REACHED | {"联系记录": "已告知半小时内先围挡"})
    for photo in ("围挡.jpg", "修复.jpg"):
        story.does("housing", "attach", 附件=photo_of(tmp_path / photo))
    head = somebody_of(HOUSING, "head")
    the_administrator_lets_them_in(desks, head)
    answered(story, "housing", head, "先设围挡，后更换井盖。")
    story.sees("caller", "井口.jpg", "围挡.jpg", "修复.jpg")
    expect(story.does("caller", "call_back", **CONTENT)).to_contain_text("现在是“已办结”")
    told = looked_up(story)
    for sentence in ("热线中心已受理", "住房和城乡建设局已签收，开始办理", "已回访，听取了您的意见"):
        expect(told).to_contain_text(sentence)
    told.page.context.close()
    story.ends()


def photo_of(path: Path) -> Path:
    """A picture that resembles no other."""
    Image.effect_noise((640, 480), 90).save(path)
    return path


def reported_from_the_street(page: Page, photo: Path) -> tuple[str, str]:
    """A resident on her phone, without an account: number and look-up code."""
    page.goto("/public/")
    page.get_by_role("link", name="随手拍").click()
    page.set_input_files("[name=files]", photo)
    page.get_by_text("已选 1 张").wait_for()
    page.get_by_label("发生了什么").fill("路口的井盖缺失，井口敞着，夜里看不见。")
    page.get_by_label("在什么地方").fill("圣城街道向阳社区第1网格")
    page.get_by_label("是哪一类").select_option("A06")
    page.get_by_text("留下联系方式").click()
    page.get_by_label("怎么称呼您").fill("王秀英")
    page.get_by_label("联系电话").fill("12000000034")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/received/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    number, code = page.locator(".received .secret").all_inner_texts()
    page.context.close()
    return number, code


def the_unit_signs_in_time(story: Story) -> None:
    """特急: a quarter of an hour, by day and by night."""
    promises = story.at_the_desk_of("housing").locator("#promises li", has_text="签收")
    expect(promises).to_contain_text("自起算起 15 分钟，昼夜连续计算")
    story.does("housing", "sign")
    expect(story.at_the_desk_of("housing").locator("#state")).to_contain_text("特急")
    expect(promises).to_contain_text("按时")


def test_a_cold_home_that_nobody_answers_for_goes_up_to_the_principal_leader(desks: Desks) -> None:
    story = Story(desks, *take_a_call(desks.of("operator"), **COLD))
    two_units_say_not_ours(story)
    the_centre_rules(story)
    head, handler = somebody_of(WARMTH, "head"), somebody_of(WARMTH, "handler")
    the_administrator_lets_them_in(desks, head, handler)
    story.does(handler, "sign")
    for _ in range(2):
        story.does(handler, "contact", **REACHED)
        answered(story, handler, head, "已经加大流量。")
        told = story.does("caller", "call_back", **STILL_COLD, 备注="屋里还是十三度")
        expect(told).to_contain_text("现在由寿光暖邻热力")
        expect(told.page.locator("#promises")).to_contain_text("自起算起 12 小时")  # it was a day
    notice = three_papers_at_once(story, head)
    meeting = a_meeting_that_does_not_solve_it(story, head)
    briefing = reported_up(story, meeting)
    the_principal_leader_instructs(story, briefing)
    the_unit_does_what_was_instructed(story, briefing, head, handler)
    the_notice_is_answered(story, notice, head)
    story.does(handler, "contact", **REACHED)
    answered(story, handler, head, "换热站已恢复，入户测温十九度。")
    story.does("caller", "call_back", **CONTENT)
    the_resident_reads_it(story)
    story.ends()


def two_units_say_not_ours(story: Story) -> None:
    form = story.at_the_desk_of("dispatcher", f"/petitions/{story.number}/do/dispatch/").locator(".action-form")
    expect(form).to_contain_text("建议派给 寿光暖邻热力")
    expect(story.does("dispatcher", "dispatch", 主办单位=HOUSING)).to_contain_text("现在由住房和城乡建设局")
    story.does("housing", "hand_back", 依据=LAW, 建议承办单位=BUREAU, 情况说明="现场已看，换热站属企业。")
    told = story.does("reviewer", "uphold_return", 审核意见="属实")
    expect(told).to_contain_text("现在由综合行政执法局")  # as the housing bureau proposed
    story.does("officer", "hand_back", 依据=LAW, 建议承办单位=HOUSING, 情况说明="供热不在移交清单内。")
    story.sees("officer", "争议会商")


def the_centre_rules(story: Story) -> None:
    ruling = {"指定承办单位": WARMTH, "裁定依据": "供热经营许可：换热站由供热企业管理", "关键词": "换热站"}
    story.does("reviewer", "arbitrate", **ruling)
    story.sees("dispatcher", "供热经营许可：换热站由供热企业管理", "换热站", at="/rulings/")


def the_administrator_lets_them_in(desks: Desks, *usernames: str) -> None:
    """In the demo city only the cast has a password: the company's people get theirs first."""
    page = desks.of("admin")
    for username in usernames:
        page.goto(f"/admin/accounts/user/?q={username}")
        page.locator("#result_list tbody th a").click()
        page.locator("a[href='../password/']").click()
        page.get_by_label("密码:").fill(settings.DEMO_PASSWORD)
        page.get_by_label("密码确认").fill(settings.DEMO_PASSWORD)
        page.locator("input[name=set-password]").click()
        expect(page.locator(".messagelist .success")).to_be_visible()
    page.close()


def answered(story: Story, handler: str, head: str, result: str) -> None:
    """Replied, approved in the unit, passed at the centre."""
    story.does(handler, "reply", 办理结果=result, 办理依据="供热服务承诺", 自评="已解决")
    story.does(head, "approve")
    story.does("reviewer", "pass_review")


def three_papers_at_once(story: Story, head: str) -> str:
    """The second “not satisfied”: the notice, the briefing and the topic, each on the desk it is for."""
    page = story.at_the_desk_of("reviewer")
    expect(page.locator("#state")).to_contain_text("重办 2 次")
    found = re.search(r"寿社治督〔\d{4}〕\d+号", page.locator("#papers").inner_text())
    assert found
    notice, number = story.paper(head, "supervision"), found[0]
    story.sees("reviewer", number, "同时呈报", "同时提请联席会议：待上会", at=notice)
    story.sees("leader", number, at="/topics/?facet=joint")
    story.sees("leader", f"已下发首次督办通知单 {number}：重办后仍不满意", at=story.paper("leader", "briefings"))
    story.sees(head, number, at="/account/inbox/")
    story.handles(head, notice, "sign")
    return notice


def a_meeting_that_does_not_solve_it(story: Story, head: str) -> str:
    """Called, held and minuted within the hour; what it decides keeps people warm for a night and solves nothing."""
    page = story.at_the_desk_of("reviewer", "/meetings/new/joint/")
    page.get_by_label("会议名称").fill("供热联席会议")
    page.get_by_label("会议时间").fill(tomorrow())
    page.get_by_role("button", name="发起，取得会议编号").click()
    page.wait_for_url(re.compile(r"/meetings/\d+/$"))
    meeting = urlsplit(page.url).path
    story.handles("reviewer", meeting, "set_agenda", 议题=re.compile(story.number))
    story.handles("reviewer", meeting, "invite")
    story.handles(head, meeting, "sign_in")
    story.handles("leader", meeting, "open")
    decision = {"议定内容": "先给独居老人送电暖器", "牵头单位": WARMTH, "完成时限": tomorrow()}
    story.handles("reviewer", meeting, "decide", **decision)
    unsolved = {"议题": re.compile("换热站"), "为什么未能解决": "换热站产权没有移交，部门定不了"}
    story.handles("reviewer", meeting, "leave_unsolved", **unsolved)
    story.handles("leader", meeting, "issue")
    return meeting


def reported_up(story: Story, meeting: str) -> str:
    words = {"议题": re.compile("换热站"), "拟办意见": "建议由热力公司先恢复供热，产权随后移交。"}
    story.handles("reviewer", meeting, "report_up", **words)
    return story.paper("principal", "briefings")


def the_principal_leader_instructs(story: Story, briefing: str) -> None:
    """On a phone: the first tap opens the paper, the second one is the instruction."""
    number = story.at_the_desk_of("principal").locator(f"#papers a[href='{briefing}']").inner_text()
    page = story.at_the_desk_of("principal", "/account/inbox/")
    page.set_viewport_size({"width": 390, "height": 844})
    told = re.compile(f"呈阅件待批示：{number}")
    page.get_by_role("button", name=told).or_(page.get_by_role("link", name=told)).first.click()
    page.wait_for_url(f"**{briefing}")
    page.get_by_role("button", name=SAID).click()
    expect(page.locator("#flashes")).to_contain_text("作出批示")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def the_unit_does_what_was_instructed(story: Story, briefing: str, head: str, handler: str) -> None:
    story.handles("organiser", briefing, "assign", 办理要求="今天恢复供热", 完成时限=tomorrow())
    page = story.at_the_desk_of(head, briefing)
    expect(page.locator("main")).to_contain_text(SAID)
    task = str(page.locator("main a[href^='/tasks/']").get_attribute("href"))
    story.handles(handler, task, "progress", 内容="备用泵已到场")
    story.handles(head, task, "finish", 内容="换热站已恢复运行")
    story.handles("organiser", task, "accept", 意见="属实")
    story.handles("principal", briefing, "read_final")
    story.handles("organiser", briefing, "conclude")


def the_notice_is_answered(story: Story, notice: str, head: str) -> None:
    slip = {"承办人": "值班经理", "办理措施": "更换循环泵", "办理结果": "已恢复供热", "主要负责人意见": "属实"}
    story.handles(head, notice, "feed_back", **slip)
    story.handles("reviewer", notice, "verify", 核查结论="属实", 核查情况="现场复测十九度")
    story.handles("reviewer", notice, "clear")


def the_resident_reads_it(story: Story) -> None:
    """On her phone, by number and code: who had it and what became of it, in plain words; nothing of the leaders'."""
    told = looked_up(story)
    for sentence in (
        "已派给住房和城乡建设局办理",
        "住房和城乡建设局提出不属其职责",
        "已改派给综合行政执法局办理",
        "热线中心正在会商，确定由谁办理",
        "经会商，确定由寿光暖邻热力办理",
        "根据您的意见，由寿光暖邻热力重新办理",
        "已回访，听取了您的意见",
    ):
        expect(told).to_contain_text(sentence)
    for inner in (SAID, "批示", "督办", LAW):
        expect(told.page.locator("body")).not_to_contain_text(inner)
    told.page.context.close()


def looked_up(story: Story) -> Locator:
    """What a phone shows to who knows number and code, when all is done."""
    page = story.desks.stranger(width=390)
    page.goto("/public/look-up/")
    page.get_by_label("编号").fill(story.number)
    page.get_by_label("查询码").fill(story.code)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已办结")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    return page.locator(".public-story")
