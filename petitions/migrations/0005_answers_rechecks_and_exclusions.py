import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whose handling an answer judged: the unit that had the petition in that round when the caller was asked.
JUDGED = """
UPDATE petitions_callback c SET unit_id = (
    SELECT d.unit_id FROM petitions_dispatch d
    WHERE d.petition_id = c.petition_id AND d.round = c.round AND d.role = 'lead'
    ORDER BY d.id DESC LIMIT 1
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_channels_and_deliveries'),
        ('petitions', '0004_suspensions_and_merges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='第几次办理')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('expires_at', models.DateTimeField(verbose_name='有效至')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='使用时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
            ],
            options={
                'verbose_name': '评价链接',
                'verbose_name_plural': '评价链接',
                'ordering': ('petition', 'id'),
            },
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('unlawful', '诉求违法违规'), ('beyond_policy', '超出现行政策'), ('harassment', '恶意骚扰'), ('lawsuit', '司法程序中'), ('repeated', '重复且已终结')], max_length=14, verbose_name='剔除理由')),
                ('note', models.TextField(verbose_name='事实说明')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('agreed', models.BooleanField(blank=True, null=True, verbose_name='是否同意')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                ('words', models.TextField(blank=True, verbose_name='复核意见')),
            ],
            options={
                'verbose_name': '考核剔除',
                'verbose_name_plural': '考核剔除',
                'ordering': ('-proposed_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Recheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='当月第一天', verbose_name='抽查月份')),
                ('drawn_at', models.DateTimeField(verbose_name='抽取时间')),
                ('result', models.CharField(blank=True, choices=[('agrees', '与原回访一致'), ('deviates', '与原回访不一致'), ('false', '虚假办结'), ('unreached', '未接通')], max_length=10, verbose_name='结论')),
                ('solved', models.CharField(blank=True, choices=[('yes', '已解决'), ('partly', '部分解决'), ('no', '未解决'), ('not_needed', '不需要解决')], max_length=12, verbose_name='是否解决')),
                ('satisfied', models.CharField(blank=True, choices=[('very', '非常满意'), ('yes', '满意'), ('basically', '基本满意'), ('no', '不满意'), ('not_at_all', '非常不满意')], max_length=12, verbose_name='是否满意')),
                ('note', models.TextField(blank=True, verbose_name='说明')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
            ],
            options={
                'verbose_name': '满意件抽查',
                'verbose_name_plural': '满意件抽查',
                'ordering': ('-month', 'unit', 'id'),
            },
        ),
        migrations.CreateModel(
            name='ScriptLine',
            fields=[
                ('part', models.CharField(choices=[('opening', '开场白'), ('contacted', '问一：按时联系'), ('solved', '问二：是否解决'), ('satisfied', '问三：是否满意'), ('closing', '结束语'), ('message', '评价链接短信')], max_length=10, primary_key=True, serialize=False, verbose_name='部分')),
                ('words', models.TextField(help_text='短信中 {number} 是编号，{link} 是链接，{until} 是有效期', verbose_name='话术')),
            ],
            options={
                'verbose_name': '回访话术',
                'verbose_name_plural': '回访话术',
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='excuse',
            field=models.CharField(blank=True, max_length=200, verbose_name='认可理由'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='excused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='认可人'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='likeness',
            field=models.CharField(blank=True, help_text='照片的 64 位 pHash，十六进制', max_length=16, verbose_name='感知哈希'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='resembles',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='petitions.attachment', verbose_name='过于相似的办理前照片'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='stage',
            field=models.CharField(choices=[('before', '办理前'), ('after', '办理后')], default='before', max_length=6, verbose_name='阶段'),
        ),
        migrations.AddField(
            model_name='callback',
            name='unit',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='被评价单位'),
        ),
        migrations.AddIndex(
            model_name='attachment',
            index=models.Index(fields=['sm3'], name='attachment_twins'),
        ),
        migrations.AddIndex(
            model_name='callback',
            index=models.Index(condition=models.Q(('reached', True)), fields=['at'], name='callback_answers'),
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(condition=models.Q(('promise__in', ['contact', 'resolve', 'assist_reply'])), fields=['due_at'], name='clock_judged'),
        ),
        migrations.AddField(
            model_name='answerlink',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='生成人'),
        ),
        migrations.AddField(
            model_name='answerlink',
            name='petition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answer_links', to='petitions.petition', verbose_name='诉求'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='petition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusions', to='petitions.petition', verbose_name='诉求'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='recheck',
            name='callback',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='recheck', to='petitions.callback', verbose_name='原回访'),
        ),
        migrations.AddField(
            model_name='recheck',
            name='done_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人'),
        ),
        migrations.AddField(
            model_name='recheck',
            name='petition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rechecks', to='petitions.petition', verbose_name='诉求'),
        ),
        migrations.AddField(
            model_name='recheck',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rechecks', to='accounts.unit', verbose_name='承办单位'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.UniqueConstraint(condition=models.Q(('agreed', None), ('agreed', True), _connector='OR'), fields=('petition',), name='one_exclusion_stands'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed', None), ('decided_at', None), ('decided_by', None)), models.Q(('agreed__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('decided_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='exclusion_takes_two'),
        ),
        migrations.AddIndex(
            model_name='recheck',
            index=models.Index(fields=['unit', 'month'], name='recheck_of_unit'),
        ),
        migrations.AddIndex(
            model_name='recheck',
            index=models.Index(condition=models.Q(('result', '')), fields=['month'], name='recheck_waiting'),
        ),
        migrations.AddConstraint(
            model_name='recheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', None), ('result', '')), models.Q(models.Q(('result', ''), _negated=True), ('done_at__isnull', False), ('done_by__isnull', False)), _connector='OR'), name='recheck_is_done_whole'),
        ),
        migrations.RunSQL([JUDGED, "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"], migrations.RunSQL.noop),
    ]
