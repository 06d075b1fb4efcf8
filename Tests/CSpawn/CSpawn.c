#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>

#ifdef __linux__
#include <fcntl.h>
#include <spawn.h>

int cspawn(const char *path, char *const arguments[], char *const environment[], int input, int output,
           const char *errors) {
  posix_spawn_file_actions_t actions;
  pid_t identifier = 0;
  posix_spawn_file_actions_init(&actions);
  if (input >= 0)
    posix_spawn_file_actions_adddup2(&actions, input, 0);
  else
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (output >= 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1);
  else
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY, 0);
  // Another test's pipe ends when its writer closes it, so no child may keep it open.
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  int error = posix_spawn(&identifier, path, &actions, 0, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  return error ? -error : identifier;
}
#else
int cspawn(const char *path, char *const arguments[], char *const environment[], int input, int output,
           const char *errors) {
  (void)path, (void)arguments, (void)environment, (void)input, (void)output, (void)errors;
  return -ENOSYS;
}
#endif
