package dev.shadow.core.placement.reassign;

import java.util.Arrays;
import java.util.Optional;

/**
 * Machines with several resources, services made of processes, and where each process runs at first. Immutable, so it
 * may be shared by threads. Read one with {@link ReassignmentFormat}.
 *
 * <p>The model is that of the ROADEF/EURO challenge 2012 (Google): capacities, where a moved process goes on using the
 * transient resources of its first machine; one process of a service per machine; a least number of locations per
 * service; services that need another service in their neighbourhood. Matrices are stored flat, row after row.
 */
public final class ReassignmentProblem {
    final int resources;
    final int machines;
    final int services;
    final int processes;
    final int neighbourhoods;
    final int locations;

    /** Per resource: all bits set if it is transient, else 0. */
    final int[] transientMask;

    final int[] loadWeight;
    final int[] neighbourhood;
    final int[] location;
    final int[] capacity;
    final int[] safety;
    final int[] machineMoveCost;
    final int[] spread;
    final IntRows needs;
    final IntRows neededBy;
    final int[] service;
    final int[] requirement;
    final int[] processMoveCost;
    final Balance[] balances;
    final int processMoveWeight;
    final int serviceMoveWeight;
    final int machineMoveWeight;
    final int[] origin;

    private ReassignmentProblem(ModelDraft draft, int[] origin) {
        resources = draft.loadWeight.length;
        machines = draft.location.length;
        services = draft.spread.length;
        processes = draft.service.length;
        transientMask = draft.transientMask;
        loadWeight = draft.loadWeight;
        neighbourhood = draft.neighbourhood;
        location = draft.location;
        neighbourhoods = Arrays.stream(neighbourhood).max().orElse(-1) + 1;
        locations = Arrays.stream(location).max().orElse(-1) + 1;
        capacity = draft.capacity;
        safety = draft.safety;
        machineMoveCost = draft.machineMoveCost;
        spread = draft.spread;
        needs = IntRows.of(draft.needs);
        neededBy = needs.transposed(services);
        service = draft.service;
        requirement = draft.requirement;
        processMoveCost = draft.processMoveCost;
        balances = draft.balances;
        processMoveWeight = draft.processMoveWeight;
        serviceMoveWeight = draft.serviceMoveWeight;
        machineMoveWeight = draft.machineMoveWeight;
        this.origin = origin;
    }

    static ReassignmentProblem of(ModelDraft draft, int[] origin) {
        return new ReassignmentProblem(draft, origin);
    }

    /** Returns how many machines there are; they are numbered from 0. */
    public int machines() {
        return machines;
    }

    /** Returns how many processes there are; they are numbered from 0. */
    public int processes() {
        return processes;
    }

    /** Returns the first machine of every process. */
    public int[] origin() {
        return origin.clone();
    }

    /**
     * Returns what an assignment costs, counted anew.
     *
     * @param assignment the machine of each process
     */
    public ReassignmentCost cost(int[] assignment) {
        return ReassignmentAudit.of(this, assignment).cost();
    }

    /**
     * Returns a broken constraint in words, empty if the assignment keeps all of them.
     *
     * @param assignment the machine of each process
     */
    public Optional<String> violation(int[] assignment) {
        return ReassignmentAudit.of(this, assignment).violation();
    }

    /**
     * Returns a cost that no assignment goes below: the load and the balance if all machines were one (the bound that the
     * challenge published).
     */
    public long lowerBound() {
        long[] usage = new long[resources];
        long[] safe = new long[resources];
        long[] whole = new long[resources];
        for (int i = 0; i < requirement.length; i++) {
            usage[i % resources] += requirement[i];
        }
        for (int i = 0; i < capacity.length; i++) {
            safe[i % resources] += safety[i];
            whole[i % resources] += capacity[i];
        }
        long bound = 0;
        for (int r = 0; r < resources; r++) {
            bound += loadWeight[r] * Math.max(0, usage[r] - safe[r]);
        }
        for (Balance balance : balances) {
            int first = balance.first();
            int second = balance.second();
            bound += balance.cost(whole[first] - usage[first], whole[second] - usage[second]);
        }
        return bound;
    }

    /**
     * Wants at least {@code target} units of the second resource free for every free unit of the first.
     *
     * @param first a resource
     * @param second another
     * @param target units of the second for each of the first
     * @param weight cost of a missing unit
     */
    record Balance(int first, int second, int target, int weight) {
        long cost(long firstFree, long secondFree) {
            return weight * Math.max(0, target * firstFree - secondFree);
        }
    }
}
