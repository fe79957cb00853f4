package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.reassign.ReassignmentProblem.Balance;
import dev.shadow.spi.InvalidValueException;
import java.util.BitSet;
import java.util.Optional;

/**
 * Counts an assignment's cost and looks for broken constraints from scratch, in one plain pass per rule. The search does
 * neither this way; that both agree is what its tests are about.
 */
final class ReassignmentAudit {
    private final ReassignmentProblem problem;
    private final int[] assignment;
    private final long[] usage;
    private final long[] left;

    private ReassignmentAudit(ReassignmentProblem problem, int[] assignment) {
        this.problem = problem;
        this.assignment = assignment;
        usage = new long[problem.machines * problem.resources];
        left = new long[problem.machines * problem.resources];
        int resources = problem.resources;
        for (int p = 0; p < problem.processes; p++) {
            int now = assignment[p];
            int before = problem.origin[p];
            for (int r = 0; r < resources; r++) {
                int amount = problem.requirement[p * resources + r];
                usage[now * resources + r] += amount;
                if (now != before) {
                    left[before * resources + r] += amount & problem.transientMask[r];
                }
            }
        }
    }

    static ReassignmentAudit of(ReassignmentProblem problem, int[] assignment) {
        if (assignment.length != problem.processes) {
            throw new InvalidValueException(
                    "assignment", assignment.length + " machines", "name one machine for each of " + problem.processes);
        }
        for (int p = 0; p < assignment.length; p++) {
            if (assignment[p] < 0 || assignment[p] >= problem.machines) {
                throw new InvalidValueException(
                        "assignment[" + p + "]", Integer.toString(assignment[p]), "be 0 to " + (problem.machines - 1));
            }
        }
        return new ReassignmentAudit(problem, assignment);
    }

    ReassignmentCost cost() {
        long processMoves = 0;
        long machineMoves = 0;
        int[] moved = new int[problem.services];
        int mostMoved = 0;
        for (int p = 0; p < problem.processes; p++) {
            int before = problem.origin[p];
            if (assignment[p] != before) {
                processMoves += problem.processMoveCost[p];
                machineMoves += problem.machineMoveCost[before * problem.machines + assignment[p]];
                mostMoved = Math.max(mostMoved, ++moved[problem.service[p]]);
            }
        }
        return new ReassignmentCost(
                loadCost(),
                balanceCost(),
                problem.processMoveWeight * processMoves,
                (long) problem.serviceMoveWeight * mostMoved,
                problem.machineMoveWeight * machineMoves);
    }

    private long loadCost() {
        long cost = 0;
        for (int i = 0; i < usage.length; i++) {
            cost += problem.loadWeight[i % problem.resources] * Math.max(0, usage[i] - problem.safety[i]);
        }
        return cost;
    }

    private long balanceCost() {
        long cost = 0;
        for (int m = 0; m < problem.machines; m++) {
            int row = m * problem.resources;
            for (Balance balance : problem.balances) {
                int first = row + balance.first();
                int second = row + balance.second();
                cost += balance.cost(problem.capacity[first] - usage[first], problem.capacity[second] - usage[second]);
            }
        }
        return cost;
    }

    Optional<String> violation() {
        for (int i = 0; i < usage.length; i++) {
            if (usage[i] + left[i] > problem.capacity[i]) {
                return Optional.of("machine " + i / problem.resources + " uses " + (usage[i] + left[i])
                        + " of resource " + i % problem.resources + " with a capacity of " + problem.capacity[i]);
            }
        }
        BitSet[] machines = perService(problem.machines, identity(problem.machines));
        BitSet[] locations = perService(problem.locations, problem.location);
        BitSet[] neighbourhoods = perService(problem.neighbourhoods, problem.neighbourhood);
        int[] size = new int[problem.services];
        for (int p = 0; p < problem.processes; p++) {
            size[problem.service[p]]++;
        }
        for (int s = 0; s < problem.services; s++) {
            if (machines[s].cardinality() < size[s]) {
                return Optional.of("two processes of service " + s + " share a machine");
            }
            if (size[s] > 0 && locations[s].cardinality() < problem.spread[s]) {
                return Optional.of("service " + s + " is in " + locations[s].cardinality()
                        + " locations and must be in " + problem.spread[s]);
            }
            for (int i = problem.needs.starts()[s]; i < problem.needs.starts()[s + 1]; i++) {
                int needed = problem.needs.values()[i];
                BitSet missing = (BitSet) neighbourhoods[s].clone();
                missing.andNot(neighbourhoods[needed]);
                if (!missing.isEmpty()) {
                    return Optional.of("service " + s + " lacks service " + needed + " in its neighbourhood "
                            + missing.nextSetBit(0));
                }
            }
        }
        return Optional.empty();
    }

    private BitSet[] perService(int places, int[] placeOfMachine) {
        BitSet[] sets = new BitSet[problem.services];
        for (int s = 0; s < sets.length; s++) {
            sets[s] = new BitSet(places);
        }
        for (int p = 0; p < problem.processes; p++) {
            sets[problem.service[p]].set(placeOfMachine[assignment[p]]);
        }
        return sets;
    }

    private static int[] identity(int count) {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i;
        }
        return numbers;
    }
}
