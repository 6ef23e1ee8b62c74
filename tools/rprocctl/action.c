// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl config, start, stop, shutdown, suspend, resume and crash. */
#include "action.h"
#include "model.h"
#include "report.h"
#include "state.h"
#include "text.h"

static void tell_text(FILE *f, const struct rproc_lite_info *info, bool changed)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];

	fprintf(f, "%s: %s%s\n", text_escape(name, sizeof(name), info->name),
		rl_state_name(info->state), changed ? "" : " already");
	fflush(f);
}

static void tell_json(const struct request *rq, const struct rproc_lite_info *info,
		      bool changed)
{
	struct json j;

	json_begin(&j, stdout);
	json_string(&j, "verb", rq->cmd->name);
	json_string(&j, "name", info->name);
	json_string(&j, "state", rl_state_name(info->state));
	json_u64(&j, "state_seq", info->state_seq);
	json_bool(&j, "changed", changed);
	json_end(&j);
}

int action_run(const struct request *rq, enum rproc_lite_op op, FILE *f)
{
	u64 seq = rq->dev->info.state_seq;
	struct rproc_lite_verdict v;
	u32 timeout = 0;
	bool changed;
	int ret;

	if (op == RPROC_LITE_OP_STOP || op == RPROC_LITE_OP_SHUTDOWN ||
	    op == RPROC_LITE_OP_SUSPEND)
		timeout = (u32)rq->timeout_ms;
	if (op == RPROC_LITE_OP_CONFIG)
		ret = device_config(rq->dev, rq->settings, rq->settings_len, &v);
	else
		ret = device_act(rq->dev, op, timeout, &v);
	if (!ret)
		ret = device_info(rq->dev, &v);
	if (ret)
		return report(rq, ret, &v);

	changed = rq->dev->info.state_seq != seq;
	if (wants_json(rq))
		tell_json(rq, &rq->dev->info, changed);
	else
		tell_text(f, &rq->dev->info, changed);
	return EXIT_DONE;
}

int action_report_end(const struct request *rq)
{
	const struct rproc_lite_info *info = &rq->dev->info;

	if (info->state != RPROC_LITE_CRASHED)
		return report_text(rq, -ECANCELED, "someone else took it to %s",
				   rl_state_name(info->state));
	if (info->last.error)
		return report_text(rq, -EIO, "crashed: %s", info->last.text);
	return report_text(rq, -EIO, "crashed: %s", model_crash_text(info->crash));
}

int cmd_config(const struct request *rq)
{
	return action_run(rq, RPROC_LITE_OP_CONFIG, stdout);
}

int cmd_start(const struct request *rq)
{
	return action_run(rq, RPROC_LITE_OP_START, stdout);
}

int cmd_stop(const struct request *rq)
{
	return action_run(rq, RPROC_LITE_OP_STOP, stdout);
}

int cmd_shutdown(const struct request *rq)
{
	return action_run(rq, RPROC_LITE_OP_SHUTDOWN, stdout);
}

int cmd_suspend(const struct request *rq)
{
	return action_run(rq, RPROC_LITE_OP_SUSPEND, stdout);
}

int cmd_resume(const struct request *rq)
{
	return action_run(rq, RPROC_LITE_OP_RESUME, stdout);
}

int cmd_crash(const struct request *rq)
{
	return action_run(rq, RPROC_LITE_OP_CRASH, stdout);
}
