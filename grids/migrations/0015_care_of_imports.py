
import accounts.sealed
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0014_point_moves'),
    ]

    operations = [
        migrations.AddField(
            model_name='importcare',
            name='assessed_on',
            field=models.DateField(null=True, verbose_name='评估日期'),
        ),
        migrations.AddField(
            model_name='importcare',
            name='device',
            field=models.CharField(blank=True, max_length=60, verbose_name='物联设备'),
        ),
        migrations.AddField(
            model_name='importcare',
            name='health',
            field=accounts.sealed.SealedTextField(blank=True, default='', verbose_name='健康提示'),
        ),
    ]
