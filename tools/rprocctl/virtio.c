// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl virtio list, create and remove. */
#include <poll.h>
#include <unistd.h>

#include "model.h"
#include "number.h"
#include "port.h"
#include "report.h"
#include "signals.h"
#include "text.h"
#include "virtio.h"

static void print_header(void)
{
	printf("%-6s  %-12s  %-6s  %5s  %10s  %10s  %8s  %s\n", "VDEV", "TYPE", "LINUX",
	       "RINGS", "SENT", "RECEIVED", "BAD", "DEVICE");
}

static void print_row(const struct vdev *vd)
{
	const struct rproc_lite_virtio *virtio = &vd->virtio;
	char type[VDEV_TYPE_MAX];

	printf("vdev%-2u ", virtio->index);
	printf(" %-12s  ", vdev_type(type, virtio->id));
	if (!vdev_is_created(vd)) {
		printf("%-6s  %5u  %10s  %10s  %8s  -\n", "-", virtio->num_rings, "-", "-", "-");
		return;
	}
	printf("%-6s  %5u  %10llu  %10llu  %8llu  %s", vdev_role_name(virtio->role),
	       virtio->num_rings, (unsigned long long)virtio->sent,
	       (unsigned long long)virtio->received, (unsigned long long)virtio->bad,
	       virtio->name[0] ? virtio->name : "-");
	if (vd->sysfs.driver[0])
		printf(" (%s)", vd->sysfs.driver);
	putchar('\n');
}

/* What has no room in a column. */
static void print_rest(const struct vdev *vd)
{
	char status[VDEV_STATUS_MAX];

	if (vdev_is_created(vd))
		printf("        status    %s\n", vdev_status(status, vd));
	printf("        features  0x%llx offered", (unsigned long long)vd->virtio.dfeatures);
	if (vdev_is_created(vd))
		printf(", 0x%llx agreed upon", (unsigned long long)vd->virtio.gfeatures);
	putchar('\n');
	if (vd->sysfs.num_files) {
		fputs("        files     ", stdout);
		vdev_print_files(stdout, vd);
		putchar('\n');
	}
}

static void list_text(const struct model *m)
{
	size_t i;

	if (!m->num_vdevs) {
		fprintf(stderr, "rprocctl: %s\n", m->info.flags & RPROC_LITE_INFO_IMAGE ?
			"its image has no vdevs" : "no image is loaded, so there are no vdevs");
		return;
	}
	print_header();
	for (i = 0; i < m->num_vdevs; i++) {
		print_row(&m->vdevs[i]);
		print_rest(&m->vdevs[i]);
	}
}

static void list_json(const struct model *m)
{
	struct json j;

	json_begin(&j, stdout);
	json_string(&j, "name", m->info.name);
	model_json_vdevs(&j, m);
	json_end(&j);
}

static int list(const struct request *rq, const struct model *m)
{
	if (wants_json(rq))
		list_json(m);
	else
		list_text(m);
	return EXIT_DONE;
}

int cmd_virtio_list(const struct request *rq)
{
	return model_tell(rq, list);
}

int virtio_parse_index(const struct request *rq, const char *s, u32 *index)
{
	u64 n;

	if (number_parse(s, &n) && n <= U32_MAX) {
		*index = (u32)n;
		return EXIT_DONE;
	}
	report_text(rq, -EINVAL, "vdev \"%s\": a number from 0 is wanted", s);
	return EXIT_USAGE;
}

static void tell_created(const struct request *rq, const struct vdev *vd)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];
	struct json j;

	if (wants_json(rq)) {
		json_begin(&j, stdout);
		json_string(&j, "verb", rq->cmd->name);
		json_string(&j, "name", rq->dev->info.name);
		json_object(&j, "vdev");
		vdev_json(&j, vd);
		json_object_end(&j);
		json_end(&j);
	} else {
		printf("%s: vdev%u: %s%sLinux is the %s\n",
		       text_escape(name, sizeof(name), rq->dev->info.name), vd->virtio.index,
		       vd->virtio.name, vd->virtio.name[0] ? ", " : "",
		       vdev_role_name(vd->virtio.role));
	}
	fflush(stdout);
}

/* The device is there as long as we have it open. */
static int hold(const struct request *rq, struct port *p)
{
	struct pollfd fds[] = { { .fd = p->fd }, { .fd = signals_fd(), .events = POLLIN } };

	if (!wants_json(rq))
		fputs("rprocctl: it stays until Ctrl-C\n", stderr);
	while (!signals_caught()) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0)
			continue;
		signals_drain();
		if (fds[0].revents)
			return port_report_end(rq, p, port_error(p));
	}
	return EXIT_DONE;
}

int cmd_virtio_create(const struct request *rq)
{
	struct rproc_lite_verdict v;
	struct port p = { .fd = -1 };
	struct vdev vd;
	int ret, code;

	code = virtio_parse_index(rq, rq->arg, &p.vdev);
	if (code != EXIT_DONE)
		return code;
	signals_catch();
	ret = device_create_virtio(rq->dev, p.vdev, rq->role, (u32)rq->timeout_ms, &p.fd, &v);
	if (!ret)
		ret = vdev_read(&vd, rq->dev, p.vdev, &v);
	if (ret)
		return report(rq, ret, &v);
	tell_created(rq, &vd);
	vdev_free(&vd);
	if (p.fd < 0)
		return EXIT_DONE;
	code = hold(rq, &p);
	close(p.fd);
	return code;
}

int cmd_virtio_remove(const struct request *rq)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];
	struct rproc_lite_verdict v;
	struct json j;
	u32 index;
	int ret;

	ret = virtio_parse_index(rq, rq->arg, &index);
	if (ret != EXIT_DONE)
		return ret;
	ret = device_remove_virtio(rq->dev, index, &v);
	if (ret)
		return report(rq, ret, &v);
	if (!wants_json(rq)) {
		printf("%s: vdev%u has no device any more\n",
		       text_escape(name, sizeof(name), rq->dev->info.name), index);
		return EXIT_DONE;
	}
	json_begin(&j, stdout);
	json_string(&j, "verb", rq->cmd->name);
	json_string(&j, "name", rq->dev->info.name);
	json_u64(&j, "index", index);
	json_end(&j);
	return EXIT_DONE;
}
