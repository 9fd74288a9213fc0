"""A worker's phone before a hazard: photo after photo is taken, shown, made small, sent and seen again."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.desks import Desks
from tests.browser.test_every_desk import looked_at
from tests.petitions.test_photos import street

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("portal")]


def shot(tables: bool, name: str = "IMG_0001.jpg", **how: int) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": street(tables, **how)}


def camera(page: Page, label: str) -> Locator:
    return page.locator(".field.photos").filter(has=page.get_by_label(label, exact=True))


def test_photos_are_taken_one_by_one_and_stand_in_the_story(desks: Desks) -> None:
    worker = desks.of("worker", width=390)
    worker.goto("/hazards/new/")
    worker.get_by_label("事项").select_option("A02")
    worker.get_by_label("地点").fill("学院路18号门前")
    worker.get_by_label("现场情况").fill("烧烤店把桌子摆到盲道上")
    before = camera(worker, "现场照片")
    before.locator("input").set_input_files(shot(True))
    expect(before).to_contain_text("已拍 1 张，再拍一张")
    before.locator("input").set_input_files(shot(True, "IMG_0002.jpg", size=3000))
    expect(before).to_contain_text("已拍 2 张，再拍一张")
    expect(before.locator("canvas")).to_have_count(2)
    sizes = before.locator("input").evaluate("input => [...input.files].map((file) => file.name + file.size)")
    assert len(set(sizes)) == 2
    after = camera(worker, "处置后的照片")
    after.locator("input").set_input_files(shot(False))
    after.get_by_role("button", name="清空重拍").click()
    expect(after.locator("canvas")).to_have_count(0)
    assert after.locator("input").evaluate("input => input.files.length") == 0
    worker.get_by_role("radio", name="先记下").check()
    worker.get_by_role("button", name="提交").click()
    expect(worker.locator(".story img")).to_have_count(2)

    solving = camera(worker, "处置后的照片")
    solving.locator("input").set_input_files(shot(False, size=3000))
    expect(solving.locator("canvas")).to_have_count(1)
    worker.get_by_role("button", name="记为已处置").click()
    expect(worker.locator("#flashes")).to_contain_text("已当场处置")
    expect(worker.locator(".story img")).to_have_count(3)
    last = worker.locator(".story img").last
    last.scroll_into_view_if_needed()
    expect(last).to_have_js_property("complete", value=True)
    assert last.evaluate("image => image.naturalWidth") == 320
    address = urlsplit(worker.url).path
    worker.locator(".story a:has(img)").last.click()
    assert worker.locator("img").evaluate("image => image.naturalWidth") == 2048, "made small before it travelled"
    assert looked_at(worker, address) == []


def test_without_script_a_plain_field_sends_them(desks: Desks) -> None:
    worker = desks.of("worker", script=False, width=390)
    worker.goto("/hazards/")
    worker.goto("/hazards/new/")
    worker.get_by_label("事项").select_option("A02")
    worker.get_by_label("地点").fill("学院路20号门前")
    worker.get_by_label("现场情况").fill("井盖翘起")
    worker.get_by_label("现场照片").set_input_files([shot(True), shot(False, "IMG_0002.jpg")])
    worker.get_by_role("radio", name="先记下").check()
    worker.get_by_role("button", name="提交").click()
    expect(worker.locator(".story img")).to_have_count(2)


def test_a_photo_that_should_not_be_there_is_removed_with_a_thumb(desks: Desks) -> None:
    worker = desks.of("worker", width=390)
    worker.goto("/hazards/new/")
    worker.get_by_label("事项").select_option("A02")
    worker.get_by_label("地点").fill("学院路22号门前")
    worker.get_by_label("现场情况").fill("三轮车停在消防通道上")
    worker.get_by_label("现场照片").set_input_files(shot(True))
    worker.get_by_role("radio", name="先记下").check()
    worker.get_by_role("button", name="提交").click()
    hazard = urlsplit(worker.url).path
    button = worker.get_by_role("link", name="删除发现时的照片 1")
    box = button.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    button.click()
    asked = urlsplit(worker.url).path
    worker.get_by_label("删除原因").fill("拍到了路人的脸")
    worker.get_by_role("button", name="删除这张照片").click()
    expect(worker.locator("#flashes")).to_contain_text("照片已删除")
    expect(worker.locator(".story img")).to_have_count(0)
    expect(worker.locator(".story")).to_contain_text("拍到了路人的脸")
    assert [*looked_at(worker, hazard), *looked_at(worker, asked)] == []
