package dev.shadow.core.placement.reassign;

/**
 * What an assignment costs, in the challenge's units, weights included. Lower is better.
 *
 * @param load usage above the safety capacities
 * @param balance what is missing to the wanted proportions of free resources
 * @param processMoves processes that are not on their first machine
 * @param serviceMoves the largest number of moved processes of one service
 * @param machineMoves distance between first and last machines
 */
public record ReassignmentCost(long load, long balance, long processMoves, long serviceMoves, long machineMoves) {
    /** Returns the sum, which is the objective. */
    public long total() {
        return load + balance + processMoves + serviceMoves + machineMoves;
    }
}
