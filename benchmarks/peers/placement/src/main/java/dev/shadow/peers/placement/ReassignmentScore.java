package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.score.buildin.hardsoftlong.HardSoftLongScore;
import ai.timefold.solver.core.api.score.calculator.IncrementalScoreCalculator;

/** Timefold's fastest way to score: everything kept up to date by hand, O(resources) for each change. */
public class ReassignmentScore implements IncrementalScoreCalculator<Plan, HardSoftLongScore> {
    private Model m;
    private long hard;
    private long soft;
    private long[] usage;
    private long[] left;
    private int[] onMachine;
    private int[] inLocation;
    private int[] distinct;
    private int[] inHood;
    private int[] moved;
    private int[] servicesWith;
    private int most;

    @Override
    public void resetWorkingSolution(Plan plan) {
        m = plan.model;
        hard = 0;
        soft = 0;
        most = 0;
        usage = new long[m.machines * m.resources];
        left = new long[m.machines * m.resources];
        onMachine = new int[m.services * m.machines];
        inLocation = new int[m.services * m.locations];
        distinct = new int[m.services];
        inHood = new int[m.services * m.neighbourhoods];
        moved = new int[m.services];
        servicesWith = new int[m.processes + 1];
        servicesWith[0] = m.services;
        int[] size = new int[m.services];
        for (int p = 0; p < m.processes; p++) {
            size[m.service[p]]++;
        }
        for (int s = 0; s < m.services; s++) {
            hard -= size[s] > 0 ? m.spread[s] : 0;
        }
        for (int machine = 0; machine < m.machines; machine++) {
            soft -= balance(machine);
        }
        for (ProcessEntity process : plan.processes) {
            insert(process);
        }
    }

    @Override
    public void beforeEntityAdded(Object entity) {}

    @Override
    public void afterEntityAdded(Object entity) {
        insert((ProcessEntity) entity);
    }

    @Override
    public void beforeVariableChanged(Object entity, String variable) {
        retract((ProcessEntity) entity);
    }

    @Override
    public void afterVariableChanged(Object entity, String variable) {
        insert((ProcessEntity) entity);
    }

    @Override
    public void beforeEntityRemoved(Object entity) {
        retract((ProcessEntity) entity);
    }

    @Override
    public void afterEntityRemoved(Object entity) {}

    @Override
    public HardSoftLongScore calculateScore() {
        return HardSoftLongScore.of(hard, soft - (long) m.serviceMoveWeight * most);
    }

    private void insert(ProcessEntity process) {
        change(process.id, process.machine, 1);
    }

    private void retract(ProcessEntity process) {
        change(process.id, process.machine, -1);
    }

    private void change(int p, int machine, int sign) {
        int service = m.service[p];
        soft += balance(machine);
        int row = machine * m.resources;
        for (int r = 0; r < m.resources; r++) {
            long amount = (long) sign * m.requirement[p * m.resources + r];
            long before = usage[row + r];
            long after = before + amount;
            usage[row + r] = after;
            hard += Math.max(0, before + left[row + r] - m.capacity[row + r])
                    - Math.max(0, after + left[row + r] - m.capacity[row + r]);
            soft += m.loadWeight[r]
                    * (Math.max(0, before - m.safety[row + r]) - Math.max(0, after - m.safety[row + r]));
        }
        soft -= balance(machine);
        int origin = m.origin[p];
        if (machine != origin) {
            away(p, origin, machine, sign);
        }
        int machines = onMachine[service * m.machines + machine] += sign;
        hard -= sign * (sign > 0 ? (machines > 1 ? 1 : 0) : (machines > 0 ? 1 : 0));
        changePlaces(service, machine, sign);
    }

    private void away(int p, int origin, int machine, int sign) {
        int row = origin * m.resources;
        for (int r = 0; r < m.resources; r++) {
            if (m.isTransient[r]) {
                long before = left[row + r];
                long after = before + (long) sign * m.requirement[p * m.resources + r];
                left[row + r] = after;
                hard += Math.max(0, usage[row + r] + before - m.capacity[row + r])
                        - Math.max(0, usage[row + r] + after - m.capacity[row + r]);
            }
        }
        soft -= sign
                * ((long) m.processMoveWeight * m.processMoveCost[p]
                        + (long) m.machineMoveWeight * m.machineMoveCost[origin * m.machines + machine]);
        int service = m.service[p];
        servicesWith[moved[service]]--;
        moved[service] += sign;
        servicesWith[moved[service]]++;
        most = Math.max(most, moved[service]);
        while (most > 0 && servicesWith[most] == 0) {
            most--;
        }
    }

    private void changePlaces(int service, int machine, int sign) {
        int location = service * m.locations + m.location[machine];
        int before = Math.min(distinct[service], m.spread[service]);
        inLocation[location] += sign;
        if (sign > 0 ? inLocation[location] == 1 : inLocation[location] == 0) {
            distinct[service] += sign;
            hard += Math.min(distinct[service], m.spread[service]) - before;
        }
        int hood = m.neighbourhood[machine];
        int count = inHood[service * m.neighbourhoods + hood] += sign;
        if (sign > 0 ? count == 1 : count == 0) {
            for (int needed : m.needs[service]) {
                if (needed != service && inHood[needed * m.neighbourhoods + hood] == 0) {
                    hard -= sign;
                }
            }
            for (int needing : m.neededBy[service]) {
                if (needing != service && inHood[needing * m.neighbourhoods + hood] > 0) {
                    hard += sign;
                }
            }
        }
    }

    private long balance(int machine) {
        long cost = 0;
        int row = machine * m.resources;
        for (int[] b : m.balances) {
            long missing = b[2] * (m.capacity[row + b[0]] - usage[row + b[0]])
                    - (m.capacity[row + b[1]] - usage[row + b[1]]);
            cost += Math.max(0, missing) * b[3];
        }
        return cost;
    }
}
