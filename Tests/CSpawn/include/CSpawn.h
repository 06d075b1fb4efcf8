#ifndef CSPAWN_H
#define CSPAWN_H

/// Starts a program that inherits nothing but three descriptors: `input` and `output` (-1 for none) and,
/// as its standard error, a file. Returns its process id, or a negative errno value.
int cspawn(const char *path, char *const arguments[], char *const environment[], int input, int output,
           const char *errors);

#endif
