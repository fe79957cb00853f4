/* The least that copying known ranges costs: pread and pwrite, one thread. Usage: floor SOURCE TARGET LIST */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024 };

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: floor SOURCE TARGET LIST\n");
        return 2;
    }
    int source = open(argv[1], O_RDONLY);
    int target = open(argv[2], O_WRONLY);
    FILE *list = fopen(argv[3], "r");
    char *buffer = malloc(CHUNK);
    if (source < 0 || target < 0 || !list || !buffer) {
        perror("floor");
        return 3;
    }
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    long long offset, length;
    while (fscanf(list, "%lld %lld", &offset, &length) == 2) {
        while (length > 0) {
            size_t part = length < CHUNK ? (size_t) length : CHUNK;
            if (pread(source, buffer, part, offset) != (ssize_t) part
                    || pwrite(target, buffer, part, offset) != (ssize_t) part) {
                perror("floor");
                return 3;
            }
            offset += part;
            length -= part;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.4f\n", (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9);
    return 0;
}
