"""One petition from call to close in real browsers: the operator has no mouse, the officer a phone."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.desks import Desks, do, told

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]

HERE = """() => {
  const here = document.activeElement;
  return here === document.body ? "" : here.labels?.[0]?.innerText || here.innerText || "";
}"""


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        if name in page.evaluate(HERE):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached with the Tab key")


def say(page: Page, field: str, words: str) -> None:
    tab_to(page, field)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def test_the_cast_walks_one_petition_from_call_to_close(desks: Desks) -> None:
    number, code = operator_takes_the_call(desks.stranger())
    dispatcher_sends_it(desks.of("dispatcher"), number)
    officer_signs_contacts_and_replies(desks.of("officer", width=390), number)
    for username, action in (("head", "审核通过"), ("reviewer", "审核通过，转回访")):
        page = desks.of(username)
        find(page, number)
        do(page, action)
        page.close()
    caller_calls_back(desks.of("caller"), number)
    resident_reads_what_happened(desks.stranger(width=390), number, code)


def operator_takes_the_call(page: Page) -> tuple[str, str]:
    """Signs in, opens the form, writes and saves with keys alone."""
    page.goto("/account/login/")
    say(page, "用户名", "operator")
    say(page, "密码", settings.DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的工作台")).to_be_visible()
    tab_to(page, "来电登记")
    page.keyboard.press("Enter")
    expect(page.get_by_label("来电号码")).to_be_focused()
    say(page, "来电号码", "12000000001")
    say(page, "姓名", "王秀英")
    say(page, "诉求内容", "占道经营：烧烤店把桌子摆到人行道上，晚上走不过去。")
    say(page, "地址", "圣城街道向阳社区第1网格")
    expect(page.locator("#place-proposals")).to_contain_text("向阳第1网格")
    expect(page.locator("#draft-state")).to_contain_text("草稿已存")
    say(page, "所属网格", "370783001901001")
    say(page, "事项", "A02")
    page.keyboard.press("Control+Enter")
    number_and_code = told(page)
    page.context.close()
    return number_and_code


def find(page: Page, number: str) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(number)
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_contain_text(number)


def choose(page: Page, **answers: str) -> None:
    for question, answer in answers.items():
        page.locator(f".action-form [name={question}][value={answer}]").check()


def dispatcher_sends_it(page: Page, number: str) -> None:
    find(page, number)
    page.locator(".actions").get_by_role("link", name="派单", exact=True).click()
    form = page.locator(".action-form")
    expect(form).to_contain_text("建议派给 综合行政执法局")
    expect(form.get_by_label("主办单位")).to_have_value("寿光市综合行政执法局")
    form.locator("button[type=submit]").click()
    expect(page.locator("#flashes")).to_contain_text("现在由综合行政执法局")
    page.close()


def officer_signs_contacts_and_replies(page: Page, number: str) -> None:
    page.goto("/account/inbox/")
    page.get_by_role("button", name=f"新工单待签收：{number}").or_(
        page.get_by_role("link", name=f"新工单待签收：{number}")
    ).click()
    do(page, "签收")
    page.locator(".actions").get_by_role("link", name="登记联系").click()
    choose(page, reached="yes")
    page.get_by_label("联系记录").fill("约好下午三点到现场")
    page.locator(".action-form button[type=submit]").click()
    expect(page.locator("#flashes")).to_contain_text("联系了诉求人")
    page.locator(".actions").get_by_role("link", name="提交办理结果").click()
    page.get_by_label("办理结果").fill("已清理店外桌椅，店主签了承诺书。")
    page.get_by_label("办理依据").fill("市容环境卫生管理条例")
    choose(page, assessment="solved")
    page.locator(".action-form button[type=submit]").click()
    expect(page.locator("#flashes")).to_contain_text("提交了办理结果")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def caller_calls_back(page: Page, number: str) -> None:
    find(page, number)
    page.locator(".actions").get_by_role("link", name="登记回访").click()
    choose(page, reached="yes", contacted="yes", solved="yes", satisfied="very")
    page.locator(".action-form button[type=submit]").click()
    expect(page.locator("#flashes")).to_contain_text("现在是“已办结”")
    expect(page.locator("#story")).to_contain_text("非常满意")
    page.close()


def resident_reads_what_happened(page: Page, number: str, code: str) -> None:
    page.goto("/public/look-up/")
    page.get_by_label("编号").fill(number)
    page.get_by_label("查询码").fill(code.lower())
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已办结")
    for sentence in ("诉求已登记", "已派给综合行政执法局办理", "已签收，开始办理", "已与您联系", "已回访"):
        expect(page.locator(".public-story")).to_contain_text(sentence)
    page.context.close()
