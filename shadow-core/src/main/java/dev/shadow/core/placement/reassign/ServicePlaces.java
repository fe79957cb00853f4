package dev.shadow.core.placement.reassign;

/**
 * On which machines, in how many locations and in which neighbourhoods each service is, and whether it may go elsewhere.
 * One owner thread.
 */
final class ServicePlaces {
    private final ReassignmentProblem problem;
    private final int wordsPerService;
    private final long[] machines;
    private final short[] inLocation;
    private final int[] distinctLocations;
    private final short[] inNeighbourhood;

    ServicePlaces(ReassignmentProblem problem, int[] assignment) {
        this.problem = problem;
        wordsPerService = (problem.machines + 63) >>> 6;
        machines = new long[problem.services * wordsPerService];
        inLocation = new short[problem.services * problem.locations];
        distinctLocations = new int[problem.services];
        inNeighbourhood = new short[problem.services * problem.neighbourhoods];
        for (int p = 0; p < problem.processes; p++) {
            enter(problem.service[p], assignment[p]);
        }
    }

    boolean holds(int service, int machine) {
        return (machines[service * wordsPerService + (machine >>> 6)] >>> machine & 1) != 0;
    }

    void enter(int service, int machine) {
        machines[service * wordsPerService + (machine >>> 6)] |= 1L << machine;
        if (inLocation[service * problem.locations + problem.location[machine]]++ == 0) {
            distinctLocations[service]++;
        }
        inNeighbourhood[service * problem.neighbourhoods + problem.neighbourhood[machine]]++;
    }

    void leave(int service, int machine) {
        machines[service * wordsPerService + (machine >>> 6)] &= ~(1L << machine);
        if (--inLocation[service * problem.locations + problem.location[machine]] == 0) {
            distinctLocations[service]--;
        }
        inNeighbourhood[service * problem.neighbourhoods + problem.neighbourhood[machine]]--;
    }

    boolean mayShift(int service, int from, int to) {
        return staysSpread(service, from, to) && keepsDependencies(service, from, to);
    }

    /** Two different services change places. */
    boolean maySwap(int service, int other, int from, int to) {
        if (!staysSpread(service, from, to) || !staysSpread(other, to, from)) {
            return false;
        }
        int source = problem.neighbourhood[from];
        int target = problem.neighbourhood[to];
        if (source == target) {
            return true;
        }
        int row = service * problem.neighbourhoods;
        int otherRow = other * problem.neighbourhoods;
        inNeighbourhood[row + source]--;
        inNeighbourhood[row + target]++;
        inNeighbourhood[otherRow + target]--;
        inNeighbourhood[otherRow + source]++;
        boolean may = hasNeeds(service, target)
                && hasNeeds(other, source)
                && (inNeighbourhood[row + source] > 0 || notNeeded(service, source))
                && (inNeighbourhood[otherRow + target] > 0 || notNeeded(other, target));
        inNeighbourhood[row + source]++;
        inNeighbourhood[row + target]--;
        inNeighbourhood[otherRow + target]++;
        inNeighbourhood[otherRow + source]--;
        return may;
    }

    private boolean staysSpread(int service, int from, int to) {
        int least = problem.spread[service];
        if (distinctLocations[service] > least) {
            return true;
        }
        int row = service * problem.locations;
        int source = problem.location[from];
        int target = problem.location[to];
        int distinct = distinctLocations[service];
        if (source != target) {
            distinct += (inLocation[row + target] == 0 ? 1 : 0) - (inLocation[row + source] == 1 ? 1 : 0);
        }
        return distinct >= least;
    }

    private boolean keepsDependencies(int service, int from, int to) {
        int source = problem.neighbourhood[from];
        int target = problem.neighbourhood[to];
        if (source == target) {
            return true;
        }
        int row = service * problem.neighbourhoods;
        return (inNeighbourhood[row + target] > 0 || hasNeeds(service, target))
                && (inNeighbourhood[row + source] > 1 || notNeeded(service, source));
    }

    private boolean hasNeeds(int service, int neighbourhood) {
        int[] needed = problem.needs.values();
        for (int i = problem.needs.starts()[service]; i < problem.needs.starts()[service + 1]; i++) {
            if (inNeighbourhood[needed[i] * problem.neighbourhoods + neighbourhood] == 0) {
                return false;
            }
        }
        return true;
    }

    private boolean notNeeded(int service, int neighbourhood) {
        int[] needing = problem.neededBy.values();
        for (int i = problem.neededBy.starts()[service]; i < problem.neededBy.starts()[service + 1]; i++) {
            if (inNeighbourhood[needing[i] * problem.neighbourhoods + neighbourhood] > 0) {
                return false;
            }
        }
        return true;
    }

    /** How many more locations and needed services are missing after a shift; negative if fewer. */
    int breaksByShift(int service, int from, int to) {
        int breaks = spreadBreaks(service, problem.location[from], problem.location[to]);
        int source = problem.neighbourhood[from];
        int target = problem.neighbourhood[to];
        if (source == target) {
            return breaks;
        }
        int row = service * problem.neighbourhoods;
        if (inNeighbourhood[row + source] == 1) {
            breaks += needing(service, source) - missing(service, source);
        }
        if (inNeighbourhood[row + target] == 0) {
            breaks += missing(service, target) - needing(service, target);
        }
        return breaks;
    }

    /** As {@link #breaksByShift}, when two different services change places. */
    int breaksBySwap(int service, int other, int from, int to) {
        int breaks = breaksByShift(service, from, to);
        int source = service * problem.neighbourhoods + problem.neighbourhood[from];
        int target = service * problem.neighbourhoods + problem.neighbourhood[to];
        inNeighbourhood[source]--;
        inNeighbourhood[target]++;
        breaks += breaksByShift(other, to, from);
        inNeighbourhood[source]++;
        inNeighbourhood[target]--;
        return breaks;
    }

    private int spreadBreaks(int service, int source, int target) {
        int least = problem.spread[service];
        if (source == target || least == 0) {
            return 0;
        }
        int row = service * problem.locations;
        int before = distinctLocations[service];
        int after = before + (inLocation[row + target] == 0 ? 1 : 0) - (inLocation[row + source] == 1 ? 1 : 0);
        return Math.max(0, least - after) - Math.max(0, least - before);
    }

    private int missing(int service, int neighbourhood) {
        int count = 0;
        int[] needed = problem.needs.values();
        for (int i = problem.needs.starts()[service]; i < problem.needs.starts()[service + 1]; i++) {
            if (needed[i] != service && inNeighbourhood[needed[i] * problem.neighbourhoods + neighbourhood] == 0) {
                count++;
            }
        }
        return count;
    }

    private int needing(int service, int neighbourhood) {
        int count = 0;
        int[] needers = problem.neededBy.values();
        for (int i = problem.neededBy.starts()[service]; i < problem.neededBy.starts()[service + 1]; i++) {
            if (needers[i] != service && inNeighbourhood[needers[i] * problem.neighbourhoods + neighbourhood] > 0) {
                count++;
            }
        }
        return count;
    }
}
