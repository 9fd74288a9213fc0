"""Words that people write for what the catalogue calls otherwise. Plain data."""

ALSO: dict[str, dict[str, str]] = {
    "kind": {
        **dict.fromkeys(["常住户", "常住人口", "家庭户"], "permanent"),
        **dict.fromkeys(["流动户", "流动人口"], "floating"),
        **dict.fromkeys(["集体户"], "collective"),
    },
    "colour": {
        **dict.fromkeys(["红色"], "red"),
        **dict.fromkeys(["橙色"], "orange"),
        **dict.fromkeys(["黄色"], "yellow"),
        **dict.fromkeys(["绿色"], "green"),
    },
    "relation": {
        **dict.fromkeys(["本人", "户主本人"], "head"),
        **dict.fromkeys(["妻", "夫", "妻子", "丈夫"], "spouse"),
        **dict.fromkeys(["儿子", "女儿", "子", "女", "长子", "次子", "长女", "次女"], "child"),
        **dict.fromkeys(["父亲", "母亲", "父", "母"], "parent"),
        **dict.fromkeys(["孙子", "孙女", "外孙", "外孙女"], "grandchild"),
        **dict.fromkeys(["祖父", "祖母"], "grandparent"),
        **dict.fromkeys(["兄", "弟", "姐", "妹", "哥哥", "弟弟", "姐姐", "妹妹"], "sibling"),
        **dict.fromkeys(["租户", "承租人"], "tenant"),
        **dict.fromkeys(["儿媳", "女婿", "非亲属"], "other"),
    },
    "sex": {
        **dict.fromkeys(["男性"], "male"),
        **dict.fromkeys(["女性"], "female"),
    },
    "document": {
        **dict.fromkeys(["身份证", "居民身份证件"], "id_card"),
        **dict.fromkeys(["港澳居民来往内地通行证"], "permit"),
        **dict.fromkeys(["无"], "none"),
    },
    "education": {
        **dict.fromkeys(["小学", "文盲"], "primary"),
        **dict.fromkeys(["初中"], "junior"),
        **dict.fromkeys(["高中", "中专", "技校"], "senior"),
        **dict.fromkeys(["专科", "大学专科"], "college"),
        **dict.fromkeys(["大学", "大学本科"], "bachelor"),
        **dict.fromkeys(["硕士", "硕士研究生", "博士", "博士研究生"], "master"),
    },
    "marriage": {
        **dict.fromkeys(["初婚", "再婚", "复婚"], "married"),
        **dict.fromkeys(["离婚"], "divorced"),
    },
    "politics": {
        **dict.fromkeys(["党员", "中共预备党员", "预备党员"], "party"),
        **dict.fromkeys(["团员", "共青团"], "league"),
        **dict.fromkeys(["无党派"], "masses"),
        **dict.fromkeys(["民主党派"], "other"),
    },
    "employment": {
        **dict.fromkeys(["就业", "在业"], "employed"),
        **dict.fromkeys(["失业", "无业"], "unemployed"),
        **dict.fromkeys(["在校", "在校学生"], "student"),
        **dict.fromkeys(["退休人员", "离退休"], "retired"),
        **dict.fromkeys(["务农", "个体"], "flexible"),
    },
    "care_category": {
        **dict.fromkeys(["80+", "80周岁以上", "高龄", "高龄老人"], "over_80"),
        **dict.fromkeys(["独居老人"], "alone"),
        **dict.fromkeys(["空巢老人"], "empty_nest"),
        **dict.fromkeys(["失能", "失智", "半失能", "失能老人", "失智老人"], "no_self_care"),
        **dict.fromkeys(["残疾人"], "disability"),
        **dict.fromkeys(["孤儿", "事实无人抚养儿童"], "child_in_need"),
        **dict.fromkeys(["留守儿童", "留守老人", "留守妇女"], "left_behind"),
        **dict.fromkeys(["失独家庭", "失独老人"], "bereaved"),
        **dict.fromkeys(["大病", "重病患者", "重大疾病"], "serious_illness"),
        **dict.fromkeys(["退役军人", "优抚", "优抚对象"], "veteran"),
    },
    "tenure": {
        **dict.fromkeys(["自有"], "owned"),
        **dict.fromkeys(["廉租房"], "public"),
        **dict.fromkeys(["回迁房"], "resettled"),
    },
    "occupancy": {
        **dict.fromkeys(["自有自住"], "owner"),
        **dict.fromkeys(["出租房", "租住"], "let"),
        **dict.fromkeys(["空房"], "vacant"),
    },
}
