// SPDX-License-Identifier: GPL-2.0-only
/*
 * `rprocctl inspect`, built with sanitizers, over every image: its exit status
 * and a reason, as text and as JSON. $RPROCCTL is the program.
 */
#include "common.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define DIR_TEMPLATE	"/tmp/rproc-lite-inspect.XXXXXX"

static char dir[sizeof(DIR_TEMPLATE)];
static char path[64];

static void write_image(const struct img *im)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, im->data, im->size), im->size);
	close(fd);
}

/* Its standard output and error, up to @size. Return: exit status. */
static int inspect(const char *file, bool json, char *out, size_t size)
{
	const char *program = getenv("RPROCCTL");
	int pipes[2], status;
	size_t done = 0;
	ssize_t n;
	pid_t pid;

	assert_non_null(program);
	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(pipes[1], STDOUT_FILENO);
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		if (json)
			execl(program, "rprocctl", "inspect", "--json", file, NULL);
		else
			execl(program, "rprocctl", "inspect", file, NULL);
		_exit(127);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], out + done, size - 1 - done)) > 0)
		done += (size_t)n;
	out[done] = '\0';
	close(pipes[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || strstr(out, "Sanitizer") || strstr(out, "runtime error"))
		fail_msg("crashed: %s", out);
	return WEXITSTATUS(status);
}

static void run(const struct img_case *c, unsigned int bits)
{
	static char out[1 << 16];
	struct img im;
	bool refused = c->kind != IMG_REMOTE && c->error;
	int status;

	img_make(&im, c, bits, &host_memory);
	write_image(&im);
	img_free(&im);

	status = inspect(path, false, out, sizeof(out));
	if (status != (refused ? 1 : 0))
		fail_msg("%s (ELF%u): exit status %d: %s", c->name, bits, status, out);
	if (refused && (!strstr(out, "refused: ") ||
			(c->where != RPROC_LITE_AT_FILE && !strstr(out, c->text))))
		fail_msg("%s (ELF%u): no \"%s\" in: %s", c->name, bits, c->text, out);

	status = inspect(path, true, out, sizeof(out));
	if (status != (refused ? 1 : 0) || out[0] != '{')
		fail_msg("%s (ELF%u), JSON: exit status %d: %s", c->name, bits, status, out);
	if (refused && c->where != RPROC_LITE_AT_FILE && !strchr(c->text, '"') &&
	    !strstr(out, c->text))
		fail_msg("%s (ELF%u), JSON: no \"%s\" in: %s", c->name, bits, c->text, out);
}

static void test_case(void **state)
{
	const struct img_case *c = *state;

	run(c, 64);
	if (!c->only64)
		run(c, 32);
}

static void test_no_image(void **state)
{
	static const char *const files[] = { "/", "/no/such/file", "/dev/null" };
	char out[4096];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (inspect(files[i], false, out, sizeof(out)) != 1 || strlen(out) < 10)
			fail_msg("%s: %s", files[i], out);
}

static int set_up(void **state)
{
	(void)state;
	memcpy(dir, DIR_TEMPLATE, sizeof(dir));
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/image", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	unsigned int num = img_fine_num + img_bad_num + 1, i, n = 0;
	struct CMUnitTest *tests = calloc(num, sizeof(*tests));
	int failed;

	if (!tests)
		return 1;
	for (i = 0; i < img_fine_num + img_bad_num; i++) {
		const struct img_case *c = i < img_fine_num ? &img_fine[i] :
							      &img_bad[i - img_fine_num];

		tests[n++] = (struct CMUnitTest){
			.name = c->name,
			.test_func = test_case,
			.initial_state = (void *)c,
		};
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_no_image);
	failed = _cmocka_run_group_tests("inspect", tests, num, set_up, tear_down);
	free(tests);
	return !!failed;
}
