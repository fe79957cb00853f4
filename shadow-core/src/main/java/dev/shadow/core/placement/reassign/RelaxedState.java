package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.reassign.ReassignmentProblem.Balance;

/**
 * An assignment under change that may break capacities, spread and dependencies at a price, so that a search can pass
 * through what is not allowed. That a service has one process on a machine is always kept. A move is priced in O(resources)
 * steps plus, between neighbourhoods, the dependencies of its services; without allocation. One owner thread.
 */
final class RelaxedState {
    /** The price of a move that may not be made, or costs more than was asked for. */
    static final long REFUSED = Long.MAX_VALUE;

    private final ReassignmentProblem problem;
    private final int resources;
    private final int machines;
    private final int[] machineOf;
    private final int[] slackAndExcess;
    private final ServicePlaces places;
    private final MovedServices moved;
    private final long[] overflowPrice;
    private long brokenPrice;
    private long overflow;
    private long broken;
    private long cost;

    /** Starts from an assignment that keeps every constraint. */
    RelaxedState(ReassignmentProblem problem, int[] assignment) {
        this.problem = problem;
        resources = problem.resources;
        machines = problem.machines;
        machineOf = assignment.clone();
        slackAndExcess = new int[2 * machines * resources];
        places = new ServicePlaces(problem, assignment);
        moved = new MovedServices(problem, assignment);
        overflowPrice = new long[resources];
        for (int i = 0; i < machines * resources; i++) {
            slackAndExcess[2 * i] = problem.capacity[i];
            slackAndExcess[2 * i + 1] = -problem.safety[i];
        }
        for (int p = 0; p < problem.processes; p++) {
            for (int r = 0; r < resources; r++) {
                int amount = problem.requirement[p * resources + r];
                int at = 2 * (machineOf[p] * resources + r);
                slackAndExcess[at] -= amount;
                slackAndExcess[at + 1] += amount;
                if (machineOf[p] != problem.origin[p]) {
                    slackAndExcess[2 * (problem.origin[p] * resources + r)] -= amount & problem.transientMask[r];
                }
            }
        }
        cost = problem.cost(assignment).total();
        price(1, 1);
    }

    /**
     * Sets what breaking a constraint costs.
     *
     * @param perUnit for a unit above a capacity, in load weights of its resource
     * @param perBreak for a location or a needed service that is missing
     */
    void price(double perUnit, double perBreak) {
        for (int r = 0; r < resources; r++) {
            overflowPrice[r] = Math.max(1, Math.round(perUnit * Math.max(1, problem.loadWeight[r])));
        }
        brokenPrice = Math.max(1, (long) perBreak);
    }

    /** Returns the cost, prices of broken constraints left out. */
    long cost() {
        return cost;
    }

    /** Returns the units above capacities, over all machines and resources. */
    long overflow() {
        return overflow;
    }

    /** Returns how many locations and needed services are missing. */
    long broken() {
        return broken;
    }

    boolean isAllowed() {
        return overflow == 0 && broken == 0;
    }

    int[] assignment() {
        return machineOf.clone();
    }

    void copyAssignment(int[] into) {
        System.arraycopy(machineOf, 0, into, 0, machineOf.length);
    }

    /** Returns by how much cost and prices rise if the process goes there; REFUSED if that is above the limit. */
    long shiftPrice(int process, int to, long limit) {
        int from = machineOf[process];
        int service = problem.service[process];
        if (from == to || places.holds(service, to)) {
            return REFUSED;
        }
        long rise = moveCost(process, to) - moveCost(process, from) + loadRise(process, -1, from, to);
        int change = movedBy(process, from, to);
        if (change != 0) {
            rise += moved.riseIf(service, change, service, 0);
        }
        if (problem.balances.length > 0) {
            rise += balanceRise(process, -1, from, to);
        }
        if (rise > limit + broken * brokenPrice) {
            return REFUSED;
        }
        rise += brokenPrice * places.breaksByShift(service, from, to);
        return rise <= limit ? rise : REFUSED;
    }

    /** Returns by how much cost and prices rise if two processes change places; REFUSED as {@link #shiftPrice}. */
    long swapPrice(int process, int other, long limit) {
        int from = machineOf[process];
        int to = machineOf[other];
        int service = problem.service[process];
        int otherService = problem.service[other];
        if (from == to
                || (service != otherService && (places.holds(service, to) || places.holds(otherService, from)))) {
            return REFUSED;
        }
        long rise = moveCost(process, to)
                - moveCost(process, from)
                + moveCost(other, from)
                - moveCost(other, to)
                + loadRise(process, other, from, to);
        int change = movedBy(process, from, to);
        int otherChange = movedBy(other, to, from);
        if ((change | otherChange) != 0) {
            rise += moved.riseIf(service, change, otherService, otherChange);
        }
        if (problem.balances.length > 0) {
            rise += balanceRise(process, other, from, to);
        }
        if (rise > limit + broken * brokenPrice) {
            return REFUSED;
        }
        if (service != otherService) {
            rise += brokenPrice * places.breaksBySwap(service, otherService, from, to);
        }
        return rise <= limit ? rise : REFUSED;
    }

    /** One process goes from one machine to another, and the other, if there is one (not negative), comes back for it. */
    private long loadRise(int process, int other, int from, int to) {
        int leaves = from == problem.origin[process] ? -1 : 0;
        int arrives = to == problem.origin[process] ? -1 : 0;
        int otherLeaves = other >= 0 && to == problem.origin[other] ? -1 : 0;
        int otherArrives = other >= 0 && from == problem.origin[other] ? -1 : 0;
        int source = 2 * from * resources;
        int target = 2 * to * resources;
        int row = process * resources;
        int otherRow = other * resources;
        long rise = 0;
        for (int r = 0; r < resources; r++, source += 2, target += 2) {
            int mask = problem.transientMask[r];
            int amount = problem.requirement[row + r];
            int back = other < 0 ? 0 : problem.requirement[otherRow + r];
            int targetGrows = (amount & ~(arrives & mask)) - (back & ~(otherLeaves & mask));
            int sourceGrows = (back & ~(otherArrives & mask)) - (amount & ~(leaves & mask));
            int net = amount - back;
            int over = slackAndExcess[target + 1];
            int under = slackAndExcess[source + 1];
            rise += (long) problem.loadWeight[r]
                            * (Math.max(0, over + net)
                                    - Math.max(0, over)
                                    + Math.max(0, under - net)
                                    - Math.max(0, under))
                    + overflowPrice[r]
                            * (overflowRise(slackAndExcess[target], targetGrows)
                                    + overflowRise(slackAndExcess[source], sourceGrows));
        }
        return rise;
    }

    private static int overflowRise(int slack, int grows) {
        return Math.max(0, grows - slack) - Math.max(0, -slack);
    }

    private long moveCost(int process, int machine) {
        int origin = problem.origin[process];
        return machine == origin
                ? 0
                : (long) problem.processMoveWeight * problem.processMoveCost[process]
                        + (long) problem.machineMoveWeight * problem.machineMoveCost[origin * machines + machine];
    }

    /** 1 if the process leaves its first machine, -1 if it comes back to it, else 0. */
    private int movedBy(int process, int from, int to) {
        int origin = problem.origin[process];
        return from == origin ? 1 : to == origin ? -1 : 0;
    }

    private long balanceRise(int process, int other, int from, int to) {
        long rise = 0;
        for (Balance balance : problem.balances) {
            int first = balance.first();
            int second = balance.second();
            long firstAmount = amountOf(process, first) - amountOf(other, first);
            long secondAmount = amountOf(process, second) - amountOf(other, second);
            long fromFirst = free(from, first);
            long fromSecond = free(from, second);
            long toFirst = free(to, first);
            long toSecond = free(to, second);
            rise += balance.cost(fromFirst + firstAmount, fromSecond + secondAmount)
                    - balance.cost(fromFirst, fromSecond)
                    + balance.cost(toFirst - firstAmount, toSecond - secondAmount)
                    - balance.cost(toFirst, toSecond);
        }
        return rise;
    }

    private long amountOf(int process, int resource) {
        return process < 0 ? 0 : problem.requirement[process * resources + resource];
    }

    private long free(int machine, int resource) {
        int at = machine * resources + resource;
        return (long) problem.capacity[at] - problem.safety[at] - slackAndExcess[2 * at + 1];
    }

    /** Makes a shift that {@link #shiftPrice} has priced. */
    void shift(int process, int to, long rise) {
        int from = machineOf[process];
        int service = problem.service[process];
        cost += rise;
        countBreaks(places.breaksByShift(service, from, to));
        places.leave(service, from);
        places.enter(service, to);
        carry(process, from, to);
    }

    /** Makes a swap that {@link #swapPrice} has priced. */
    void swap(int process, int other, long rise) {
        int from = machineOf[process];
        int to = machineOf[other];
        int service = problem.service[process];
        int otherService = problem.service[other];
        cost += rise;
        if (service != otherService) {
            countBreaks(places.breaksBySwap(service, otherService, from, to));
            places.leave(service, from);
            places.enter(service, to);
            places.leave(otherService, to);
            places.enter(otherService, from);
        }
        carry(process, from, to);
        carry(other, to, from);
    }

    private void countBreaks(int more) {
        broken += more;
        cost -= brokenPrice * more;
    }

    private void carry(int process, int from, int to) {
        int origin = problem.origin[process];
        int leavesHome = from == origin ? -1 : 0;
        int comesHome = to == origin ? -1 : 0;
        for (int r = 0; r < resources; r++) {
            int amount = problem.requirement[process * resources + r];
            int mask = problem.transientMask[r];
            int source = 2 * (from * resources + r);
            int target = 2 * (to * resources + r);
            int gone = amount & ~(leavesHome & mask);
            int come = amount & ~(comesHome & mask);
            int rise = overflowRise(slackAndExcess[source], -gone) + overflowRise(slackAndExcess[target], come);
            overflow += rise;
            cost -= overflowPrice[r] * rise;
            slackAndExcess[source] += gone;
            slackAndExcess[source + 1] -= amount;
            slackAndExcess[target] -= come;
            slackAndExcess[target + 1] += amount;
        }
        int change = movedBy(process, from, to);
        if (change != 0) {
            moved.change(problem.service[process], change);
        }
        machineOf[process] = to;
    }
}
