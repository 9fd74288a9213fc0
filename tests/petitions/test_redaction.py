"""What tells who somebody is: found however it is written, and left alone where it is nobody."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petitions.redaction import hidden, pieces, scan

TELLS = [
    ("请回电13812345678谢谢", "请回电▇▇谢谢"),
    ("138 1234 5678", "▇▇"),
    ("138-1234-5678", "▇▇"),
    ("+86 13812345678", "▇▇"),
    ("一三八一二三四五六七八", "▇▇"),
    ("幺三八，一二三四五六七八", "幺三八，▇▇"),
    ("１３８１２３４５６７８", "▇▇"),
    ("1 3 8 1 2 3 4 5 6 7 8", "▇▇"),
    ("138\u200b1234\u200b5678", "▇▇"),
    ("12000000001", "▇▇"),
    ("电话0536-5221234", "电话▇▇"),
    ("打5221234找我", "打▇▇找我"),
    ("身份证370783199001011234", "身份证▇▇"),
    ("37078319900101123X", "▇▇"),
    ("370783 19900101 123x", "▇▇"),
    ("旧证370783900101123", "旧证▇▇"),
    ("少一位37078319900101123", "少一位▇▇"),
    ("卡号6222 0212 3456 7890 123", "卡号▇▇"),
    ("鲁V12345挡住出口", "▇▇挡住出口"),
    ("鲁v·a1234", "▇▇"),
    ("新能源鲁VD12345", "新能源▇▇"),
    ("住3号楼2单元501", "住▇▇"),
    ("三号楼二单元五〇一室", "▇▇"),
    ("5栋1201漏水", "▇▇漏水"),
    ("A座1203", "▇▇"),
    ("3-2-501", "▇▇"),
    ("2单元门口", "▇▇门口"),
    ("501室", "▇▇"),
    ("兴海路88号", "兴海路▇▇"),
    ("加微信wxid_abc123", "加▇▇"),
    ("QQ：123456", "▇▇"),
    ("发到 wang.xy@example.com", "发到 ▇▇"),
    ("李建国先生说", "李某先生说"),
    ("我叫王秀英", "我叫王某"),
    ("联系人：张三", "联系人：张某"),
]
TELLS_NOTHING = [
    "2026-11-22 15:04 到现场，2026年11月22日修好",
    "工期2026.11.22-2026.12.31",
    "每天7-9点、11-13点，上午8:30-12:00",
    "请拨打12345或96777",
    "投资1200万元，惠及300户居民",
    "两栋楼之间，一楼大厅，三座桥，3室2厅",
    "寿政发〔2026〕12号，12号线，第1网格",
    "王女士、王某某反映，业主张贴通知",
    "11个社区、5个街道，20-30-40厘米",
    "一、二、三、四、五、六、七、八",
    "电梯3台、水泵2台，水温60度",
]


@pytest.mark.parametrize(("written", "public"), TELLS)
def test_what_tells_who_it_is_is_covered(written: str, public: str) -> None:
    assert hidden(written) == public


@pytest.mark.parametrize("words", TELLS_NOTHING)
def test_what_tells_nothing_stays(words: str) -> None:
    assert hidden(words) == words


def test_a_known_name_is_found_anywhere() -> None:
    assert hidden("秀英家，王秀英、欧阳小明都在", ["王秀英", "欧阳小明"]) == "秀英家，王某、▇▇都在"
    assert hidden("王某王某", ["王某", "", "王"]) == "王某王某"


def test_the_marked_pieces_are_the_whole_text() -> None:
    text = "我叫王秀英，住3号楼，电话13812345678。"
    cut = list(pieces(text))
    assert "".join(words for words, _ in cut) == text
    assert [kind for _, kind in cut if kind] == ["姓名", "楼栋房号", "手机号码"]


ODD = st.text(
    st.sampled_from("0123456789一二三五〇幺 -－１Xx鲁VA栋号楼单元室路王李秀英先生我叫微信@.a某▇，年"), max_size=60
)


@settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(ODD, st.lists(st.sampled_from(["王秀英", "李英", "王某", "▇▇", "先生", "路"]), max_size=2))
def test_nothing_is_found_in_what_was_covered(words: str, names: list[str]) -> None:
    covered = hidden(words, names)
    assert scan(covered, names) == []
    assert "".join(piece for piece, _ in pieces(words, names)) == words
