from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grids', '0015_care_of_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='importproblem',
            name='community',
            field=models.CharField(blank=True, db_collation='C', help_text='看不出的为空', max_length=12, verbose_name='社区'),
        ),
    ]
