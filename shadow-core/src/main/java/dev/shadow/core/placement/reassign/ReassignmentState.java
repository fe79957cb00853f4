package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.reassign.ReassignmentProblem.Balance;

/**
 * An assignment under change: what a move would cost is known in O(resources) steps, without allocation. Every move made
 * keeps all constraints. One owner thread.
 *
 * <p>Per machine and resource two numbers lie side by side: the slack, capacity less what is used and what moved processes
 * left behind; and the excess, usage less safety capacity, negative below it. A slack lets a move be refused, an excess
 * lets it be priced, with one line of cache for four resources of a machine.
 */
final class ReassignmentState {
    /** The price of a move that breaks a constraint, or costs more than was asked for. */
    static final long REFUSED = Long.MAX_VALUE;

    private final ReassignmentProblem problem;
    private final int resources;
    private final int machines;
    private final int[] machineOf;
    private final int[] slackAndExcess;
    private final ServicePlaces places;
    private final MovedServices moved;
    private final boolean hasTransient;
    private final long[] awayPrice;
    private long cost;

    ReassignmentState(ReassignmentProblem problem, int[] assignment) {
        this.problem = problem;
        resources = problem.resources;
        machines = problem.machines;
        machineOf = assignment.clone();
        slackAndExcess = new int[2 * machines * resources];
        places = new ServicePlaces(problem, assignment);
        moved = new MovedServices(problem, assignment);
        boolean any = false;
        for (int mask : problem.transientMask) {
            any |= mask != 0;
        }
        hasTransient = any;
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
        awayPrice = new long[problem.processes];
        cost = problem.cost(assignment).total();
    }

    long cost() {
        return cost;
    }

    int machineOf(int process) {
        return machineOf[process];
    }

    int[] assignment() {
        return machineOf.clone();
    }

    void copyAssignment(int[] into) {
        System.arraycopy(machineOf, 0, into, 0, machineOf.length);
    }

    /**
     * Adds to the price of every move what it takes of the transient resources: so much of the load weight for each unit
     * that a process leaves behind on its first machine. The cost itself does not contain it.
     */
    void priceTransient(double part) {
        for (int p = 0; p < problem.processes; p++) {
            double price = 0;
            for (int r = 0; r < resources; r++) {
                price += (double) (problem.requirement[p * resources + r] & problem.transientMask[r])
                        * problem.loadWeight[r];
            }
            awayPrice[p] = (long) (part * price);
        }
    }

    /** Returns by how much the cost rises if the process goes there; REFUSED if it may not, or if that is above the limit. */
    long shiftCost(int process, int to, long limit) {
        int from = machineOf[process];
        if (from == to || places.holds(problem.service[process], to)) {
            return REFUSED;
        }
        long rise = shiftLoad(process, from, to);
        if (rise == REFUSED) {
            return REFUSED;
        }
        int origin = problem.origin[process];
        rise += moveCost(process, to) - moveCost(process, from);
        if (from == origin || to == origin) {
            int service = problem.service[process];
            rise += moved.riseIf(service, from == origin ? 1 : -1, service, 0);
        }
        if (problem.balances.length > 0) {
            rise += balanceRise(process, -1, from, to);
        }
        return rise <= limit && places.mayShift(problem.service[process], from, to) ? rise : REFUSED;
    }

    private long shiftLoad(int process, int from, int to) {
        int home = to == problem.origin[process] ? -1 : 0;
        int source = 2 * from * resources;
        int target = 2 * to * resources;
        int row = process * resources;
        long rise = 0;
        for (int r = 0; r < resources; r++, source += 2, target += 2) {
            int amount = problem.requirement[row + r];
            if (slackAndExcess[target] < (amount & ~(home & problem.transientMask[r]))) {
                return REFUSED;
            }
            int over = slackAndExcess[target + 1];
            int under = slackAndExcess[source + 1];
            rise += (long) problem.loadWeight[r]
                    * (Math.max(0, over + amount)
                            - Math.max(0, over)
                            + Math.max(0, under - amount)
                            - Math.max(0, under));
        }
        return rise;
    }

    /** Returns by how much the cost rises if two processes change places; REFUSED as {@link #shiftCost}. */
    long swapCost(int process, int other, long limit) {
        int from = machineOf[process];
        int to = machineOf[other];
        int service = problem.service[process];
        int otherService = problem.service[other];
        if (from == to
                || (service != otherService && (places.holds(service, to) || places.holds(otherService, from)))) {
            return REFUSED;
        }
        long rise = hasTransient ? swapLoadTransient(process, other, from, to) : swapLoad(process, other, from, to);
        if (rise == REFUSED) {
            return REFUSED;
        }
        rise += moveCost(process, to) - moveCost(process, from) + moveCost(other, from) - moveCost(other, to);
        int change = movedBy(process, from, to);
        int otherChange = movedBy(other, to, from);
        if ((change | otherChange) != 0) {
            rise += moved.riseIf(service, change, otherService, otherChange);
        }
        if (problem.balances.length > 0) {
            rise += balanceRise(process, other, from, to);
        }
        return rise <= limit && (service == otherService || places.maySwap(service, otherService, from, to))
                ? rise
                : REFUSED;
    }

    private long swapLoad(int process, int other, int from, int to) {
        int source = 2 * from * resources;
        int target = 2 * to * resources;
        int row = process * resources;
        int otherRow = other * resources;
        long rise = 0;
        for (int r = 0; r < resources; r++, source += 2, target += 2) {
            int amount = problem.requirement[row + r] - problem.requirement[otherRow + r];
            if (slackAndExcess[target] < amount || slackAndExcess[source] < -amount) {
                return REFUSED;
            }
            int over = slackAndExcess[target + 1];
            int under = slackAndExcess[source + 1];
            rise += (long) problem.loadWeight[r]
                    * (Math.max(0, over + amount)
                            - Math.max(0, over)
                            + Math.max(0, under - amount)
                            - Math.max(0, under));
        }
        return rise;
    }

    private long swapLoadTransient(int process, int other, int from, int to) {
        int comesHome = to == problem.origin[process] ? -1 : 0;
        int leavesHome = from == problem.origin[process] ? -1 : 0;
        int otherComesHome = from == problem.origin[other] ? -1 : 0;
        int otherLeavesHome = to == problem.origin[other] ? -1 : 0;
        for (int r = 0; r < resources; r++) {
            int mask = problem.transientMask[r];
            int amount = problem.requirement[process * resources + r];
            int otherAmount = problem.requirement[other * resources + r];
            int targetGrows = (amount & ~(comesHome & mask)) - (otherAmount & ~(otherLeavesHome & mask));
            int sourceGrows = (otherAmount & ~(otherComesHome & mask)) - (amount & ~(leavesHome & mask));
            if (slackAndExcess[2 * (to * resources + r)] < targetGrows
                    || slackAndExcess[2 * (from * resources + r)] < sourceGrows) {
                return REFUSED;
            }
        }
        return loadRise(process, other, from, to);
    }

    private long loadRise(int process, int other, int from, int to) {
        int source = 2 * from * resources + 1;
        int target = 2 * to * resources + 1;
        int row = process * resources;
        int otherRow = other * resources;
        long rise = 0;
        for (int r = 0; r < resources; r++, source += 2, target += 2) {
            int amount = problem.requirement[row + r] - problem.requirement[otherRow + r];
            int over = slackAndExcess[target];
            int under = slackAndExcess[source];
            rise += (long) problem.loadWeight[r]
                    * (Math.max(0, over + amount)
                            - Math.max(0, over)
                            + Math.max(0, under - amount)
                            - Math.max(0, under));
        }
        return rise;
    }

    private long moveCost(int process, int machine) {
        int origin = problem.origin[process];
        return machine == origin
                ? 0
                : awayPrice[process]
                        + (long) problem.processMoveWeight * problem.processMoveCost[process]
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

    /** Makes a shift that {@link #shiftCost} has priced. */
    void shift(int process, int to, long rise) {
        int from = machineOf[process];
        cost += rise - awayPrice[process] * movedBy(process, from, to);
        move(process, from, to);
    }

    /** Makes a swap that {@link #swapCost} has priced. */
    void swap(int process, int other, long rise) {
        int from = machineOf[process];
        int to = machineOf[other];
        cost += rise - awayPrice[process] * movedBy(process, from, to) - awayPrice[other] * movedBy(other, to, from);
        if (problem.service[process] == problem.service[other]) {
            places.leave(problem.service[other], to);
            places.leave(problem.service[process], from);
            carry(process, from, to);
            carry(other, to, from);
            places.enter(problem.service[other], from);
            places.enter(problem.service[process], to);
        } else {
            move(process, from, to);
            move(other, to, from);
        }
    }

    private void move(int process, int from, int to) {
        int service = problem.service[process];
        places.leave(service, from);
        places.enter(service, to);
        carry(process, from, to);
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
            slackAndExcess[source] += amount & ~(leavesHome & mask);
            slackAndExcess[source + 1] -= amount;
            slackAndExcess[target] -= amount & ~(comesHome & mask);
            slackAndExcess[target + 1] += amount;
        }
        int change = movedBy(process, from, to);
        if (change != 0) {
            moved.change(problem.service[process], change);
        }
        machineOf[process] = to;
    }
}
