"""Where a caller is sent when the hotline may not take the matter (国办发〔2020〕53号)."""

from django.db import models


class Direction(models.TextChoices):
    COURT = "向人民法院诉讼", "向人民法院诉讼"
    ARBITRATION = "向仲裁机构申请仲裁", "向仲裁机构申请仲裁"
    DISCIPLINE = "向纪检监察机关反映", "向纪检监察机关反映"
    RECONSIDERATION = "向行政复议机关申请复议", "向行政复议机关申请复议"
    DISCLOSURE = "申请政府信息公开", "申请政府信息公开"
    LETTERS = "按信访渠道反映（已进入信访程序）", "按信访渠道反映（已进入信访程序）"
    POLICE = "拨打 110 报警", "拨打 110 报警"
    BEYOND = "超出本市管辖，向所在地热线反映", "超出本市管辖，向所在地热线反映"
    NONE = "涉密、涉及隐私或违反公序良俗，不提供去向", "涉密、涉及隐私或违反公序良俗，不提供去向"
