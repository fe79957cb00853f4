package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.reassign.ReassignmentProblem.Balance;

/** The parts of a model while it is being read; handed over to a problem, and not used after that. */
final class ModelDraft {
    int[] transientMask = {};
    int[] loadWeight = {};
    int[] neighbourhood = {};
    int[] location = {};
    int[] capacity = {};
    int[] safety = {};
    int[] machineMoveCost = {};
    int[] spread = {};
    int[][] needs = {};
    int[] service = {};
    int[] requirement = {};
    int[] processMoveCost = {};
    Balance[] balances = {};
    int processMoveWeight;
    int serviceMoveWeight;
    int machineMoveWeight;
}
