import accounts.sealed
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0011_building_point'),
    ]

    operations = [
        # Made anew, narrower and in another order: an import whose lines are gone by this checks its file again.
        migrations.DeleteModel(
            name='ImportLine',
        ),
        migrations.CreateModel(
            name='ImportLine',
            fields=[
                ('pk', models.CompositePrimaryKey('run_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='grids.import', verbose_name='导入')),
                ('number', models.PositiveIntegerField(verbose_name='行号')),
                ('households', models.PositiveSmallIntegerField(default=0, verbose_name='门内几户')),
                ('dwelling_id', models.BigIntegerField(null=True)),
                ('household_id', models.BigIntegerField(null=True)),
                ('resident_id', models.BigIntegerField(null=True)),
                ('community', models.CharField(db_collation='C', max_length=12, verbose_name='社区')),
                ('compound', models.CharField(max_length=60, verbose_name='小区')),
                ('building', models.CharField(max_length=20, verbose_name='楼栋')),
                ('unit', models.CharField(blank=True, max_length=10, verbose_name='单元')),
                ('room', models.CharField(max_length=12, verbose_name='房号')),
                ('mark', models.CharField(blank=True, max_length=30, verbose_name='户号')),
                ('relation', models.CharField(max_length=12, verbose_name='与户主关系')),
                ('name_fingerprint', models.BinaryField(max_length=32, null=True)),
                ('id_fingerprint', models.BinaryField(max_length=32, null=True)),
                ('grid', models.CharField(blank=True, db_collation='C', max_length=15, verbose_name='网格')),
                ('building_number', models.PositiveSmallIntegerField(default=0, verbose_name='楼号')),
                ('address', models.CharField(max_length=120, verbose_name='标准地址')),
                ('said', models.CharField(max_length=120, verbose_name='归一化地址')),
                ('walk', models.CharField(max_length=10, verbose_name='走访次序的后半')),
                ('tenure', models.CharField(blank=True, max_length=10, verbose_name='产权性质')),
                ('occupancy', models.CharField(blank=True, max_length=8, verbose_name='居住状态')),
                ('kind', models.CharField(max_length=10, verbose_name='户类型')),
                ('colour', models.CharField(max_length=6, verbose_name='走访分类')),
                ('hardship', accounts.sealed.SealedTextField(blank=True, default='', verbose_name='致困原因')),
                ('welfare', accounts.sealed.SealedTextField(blank=True, default='', verbose_name='低保或特困')),
                ('name', accounts.sealed.SealedTextField(verbose_name='姓名')),
                ('sex', models.CharField(blank=True, max_length=6, verbose_name='性别')),
                ('born_on', models.DateField(null=True, verbose_name='出生日期')),
                ('document', models.CharField(max_length=10, verbose_name='证件类型')),
                ('id_number', accounts.sealed.SealedTextField(blank=True, default='', verbose_name='证件号码')),
                ('phone', accounts.sealed.SealedTextField(blank=True, default='', verbose_name='联系电话')),
                ('phone_fingerprint', models.BinaryField(max_length=32, null=True)),
                ('ethnicity', models.CharField(blank=True, max_length=20, verbose_name='民族')),
                ('registered_at', models.CharField(blank=True, max_length=60, verbose_name='户籍地')),
                ('lives_where_registered', models.BooleanField(null=True, verbose_name='人户一致')),
                ('education', models.CharField(blank=True, max_length=10, verbose_name='文化程度')),
                ('marriage', models.CharField(blank=True, max_length=10, verbose_name='婚姻状况')),
                ('politics', models.CharField(blank=True, max_length=8, verbose_name='政治面貌')),
                ('party_branch', models.CharField(blank=True, max_length=60, verbose_name='党组织关系')),
                ('employment', models.CharField(blank=True, max_length=12, verbose_name='就业状态')),
                ('workplace', models.CharField(blank=True, max_length=60, verbose_name='工作单位')),
                ('emergency_contact', accounts.sealed.SealedTextField(blank=True, default='', verbose_name='紧急联系人')),
                ('insured', models.BooleanField(null=True, verbose_name='已参加社保医保')),
                ('volunteer', models.BooleanField(default=False, verbose_name='志愿者')),
                ('skills', models.CharField(blank=True, max_length=60, verbose_name='特长')),
                ('consent', models.CharField(blank=True, max_length=30, verbose_name='同意书编号')),
                ('since', models.DateField(null=True, verbose_name='入户')),
            ],
            options={
                'verbose_name': '导入行',
                'verbose_name_plural': '导入行',
            },
        ),
        migrations.RunSQL(
            sql='ALTER TABLE grids_importline SET UNLOGGED',
            reverse_sql='ALTER TABLE grids_importline SET LOGGED',
            hints={'of_the_tables': True},
        ),
    ]

