"""The columns that can be brought in, and by which headings they are known. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    also: tuple[str, ...] = ()
    example: str = ""
    hint: str = ""


COLUMNS = (
    Column("community", "社区", ("所属社区", "社区名称", "村居", "村(居)"), "向阳社区", "只有一个社区时可以不填"),
    Column("grid", "网格", ("所属网格", "网格名称", "网格编码", "网格码", "网格号"), "向阳第1网格", "不填则按楼栋推断"),
    Column(
        "address",
        "地址",
        ("家庭住址", "现住址", "住址", "居住地址", "详细地址", "现居住地", "居住地", "标准地址"),
        "",
        "有小区、楼栋、房号三列时不用填",
    ),
    Column("compound", "小区", ("小区名称", "所在小区", "居住小区"), "向阳花园", "须与系统里的小区名一致"),
    Column("building", "楼栋", ("楼号", "楼栋号", "幢号", "栋号", "楼幢", "楼", "幢"), "3号楼"),
    Column("unit", "单元", ("单元号",), "2单元", "没有单元的不填"),
    Column("room", "房号", ("房间号", "门牌号", "室号", "房间", "户室", "门牌"), "501"),
    Column("tenure", "产权性质", ("房屋性质",), "商品房"),
    Column("occupancy", "居住状态", ("居住情况", "房屋状态"), "自住"),
    Column("mark", "户号", ("户编号", "家庭编号", "户口簿号", "户口号"), "", "一套房里住几户时，用它分开"),
    Column("kind", "户类型", ("户别", "户籍类型"), "常住"),
    Column("colour", "走访分类", ("分类色", "户分类", "颜色", "等级颜色"), "绿", "不填为绿"),
    Column(
        "hardship",
        "致困原因",
        ("困难原因", "致贫原因", "家庭困难原因"),
        "因病",
        "加密保存；一户只写一次，写在户主那一行",
    ),
    Column(
        "welfare",
        "低保或特困",
        ("低保特困", "低保特困情况", "社会救助类别", "救助类别", "救助类型"),
        "低保",
        "加密保存；一户只写一次，写在户主那一行",
    ),
    Column("name", "姓名", ("居民姓名", "人员姓名", "成员姓名", "户主姓名"), "王秀英", "必填"),
    Column("relation", "与户主关系", ("关系", "家庭关系", "与户主的关系", "成员关系"), "户主"),
    Column("sex", "性别", (), "女", "有身份证号码时可以不填"),
    Column("born_on", "出生日期", ("出生年月", "出生年月日", "生日", "出生时间"), "1990-01-02"),
    Column("document", "证件类型", ("证件种类",), "居民身份证", "不填为居民身份证"),
    Column(
        "id_number",
        "证件号码",
        ("身份证号", "身份证号码", "身份证", "公民身份号码", "身份号码", "居民身份证号", "证件号"),
        "",
        "请把这一列设为文本",
    ),
    Column("phone", "联系电话", ("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "本人电话"), ""),
    Column("ethnicity", "民族", (), "汉族"),
    Column("registered_at", "户籍地", ("户籍地址", "户籍所在地", "籍贯", "户口所在地"), "山东寿光"),
    Column("lives_where_registered", "人户一致", ("是否人户一致", "人户是否一致"), "是"),
    Column("education", "文化程度", ("学历", "受教育程度"), "本科"),
    Column("marriage", "婚姻状况", ("婚姻", "婚姻情况", "婚否"), "已婚"),
    Column("politics", "政治面貌", (), "群众"),
    Column("party_branch", "党组织关系", ("所在党组织", "党组织", "党支部"), ""),
    Column("employment", "就业状态", ("就业情况", "就业状况", "职业状况"), "在职"),
    Column("workplace", "工作单位", ("单位", "服务处所", "就业单位"), ""),
    Column("emergency_contact", "紧急联系人", ("应急联系人",), ""),
    Column("insured", "社保医保", ("已参加社保医保", "是否参保", "参保", "社保医保参保"), "是"),
    Column("volunteer", "志愿者", ("是否志愿者", "是否为志愿者"), "否"),
    Column("skills", "特长", ("技能", "技能特长"), ""),
    Column("consent", "同意书编号", ("告知书编号", "同意书"), ""),
    Column(
        "care_category",
        "重点关爱类别",
        ("重点关爱", "关爱类别", "关爱对象类别", "重点人群", "重点人群类别", "重点关爱人群", "特殊群体类别"),
        "独居、残疾",
        "加密保存；有几类的，用“、”隔开",
    ),
    Column(
        "care_degree",
        "关爱等级",
        ("重点关爱等级", "照料等级", "残疾等级", "失能等级", "评估等级"),
        "-、二级",
        "写了几类的，等级按同样的次序用“、”隔开，没有的写“-”",
    ),
    Column("care_need", "照料需求", ("关爱需求", "服务需求", "帮扶需求"), "陪同就医"),
    Column("guardian", "监护人", ("监护人姓名", "法定监护人"), ""),
    Column(
        "health",
        "健康提示",
        ("健康状况", "健康情况", "身体状况", "身体情况", "健康"),
        "高血压，行动不便",
        "加密保存；只写重点关爱的人上门时要注意的，身体健康的不填",
    ),
    Column(
        "device",
        "物联设备",
        ("物联网设备", "智能设备", "安装设备", "已装设备", "安装的器材", "安装器材", "适老化设备", "设备"),
        "跌倒报警器",
    ),
    Column("assessed_on", "评估日期", ("评估时间", "评定日期", "评定时间", "最近评估日期"), "2026-03-01"),
    Column("since", "入户日期", ("入住日期", "入住时间", "迁入日期", "登记日期"), "2020-05-01"),
)
BY_NAME = {column.name: column for column in COLUMNS}
# Not collected (domain §3.4): such a column of somebody's sheet is never read.
FORBIDDEN = re.compile(
    "矫正|安置帮教|刑满|涉毒|吸毒|戒毒|精神|肇事|邪教|宗教|信仰|上访|信访|艾滋|指纹|人脸|血型|银行卡|收入|征信"
)
_SILENT = re.compile(r"[\s*＊:：()（）\[\]【】/_、。.]+")


def plain(head: object) -> str:
    """`*姓 名：` → `姓名`."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", str(head or "")))


def headings(columns: Iterable[Column]) -> dict[str, str]:
    """Every heading, plain, by which one of these columns is known."""
    return {plain(word): column.name for column in columns for word in (column.label, column.name, *column.also)}


KNOWN = headings(COLUMNS)


def guess(head: object, known: Mapping[str, str] = KNOWN) -> str | None:
    """The name of the column that this heading means."""
    word = plain(head)
    return None if FORBIDDEN.search(word) else known.get(word)


def guesses(heads: Sequence[object], known: Mapping[str, str] = KNOWN) -> dict[int, str]:
    """By position; a column that is there twice is taken from the left."""
    found: dict[int, str] = {}
    for n, head in enumerate(heads):
        name = guess(head, known)
        if name and name not in found.values():
            found[n] = name
    return found


def is_forbidden(head: object) -> bool:
    return bool(FORBIDDEN.search(plain(head)))


def signature(heads: Sequence[object]) -> str:
    """Equal for sheets with the same headings in the same order."""
    return hashlib.sha256("\n".join(plain(head) for head in heads).encode()).hexdigest()
