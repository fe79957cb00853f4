package dev.shadow.core.placement.reassign;

/**
 * How many processes of each service are away from their first machine, and the most of any service, kept in constant time
 * by counting how many services have each count. One owner thread.
 */
final class MovedServices {
    private final int weight;
    private final int[] moved;
    private final int[] servicesWith;
    private int most;

    MovedServices(ReassignmentProblem problem, int[] assignment) {
        weight = problem.serviceMoveWeight;
        moved = new int[problem.services];
        int[] size = new int[problem.services];
        int largest = 0;
        for (int p = 0; p < problem.processes; p++) {
            largest = Math.max(largest, ++size[problem.service[p]]);
        }
        servicesWith = new int[largest + 1];
        servicesWith[0] = problem.services;
        for (int p = 0; p < problem.processes; p++) {
            if (assignment[p] != problem.origin[p]) {
                change(problem.service[p], 1);
            }
        }
    }

    /** Returns by how much the cost would rise after these changes, which stand apart or concern one service. */
    long riseIf(int service, int change, int other, int otherChange) {
        int before = most;
        change(service, change);
        change(other, otherChange);
        int after = most;
        change(other, -otherChange);
        change(service, -change);
        return (long) weight * (after - before);
    }

    void change(int service, int by) {
        servicesWith[moved[service]]--;
        moved[service] += by;
        servicesWith[moved[service]]++;
        if (moved[service] > most) {
            most = moved[service];
        }
        while (most > 0 && servicesWith[most] == 0) {
            most--;
        }
    }
}
