package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;

/** A process whose machine Timefold chooses. */
@PlanningEntity
public class ProcessEntity {
    @PlanningId
    public Integer id;

    @PlanningVariable
    public Integer machine;

    public ProcessEntity() {}

    ProcessEntity(int id, int machine) {
        this.id = id;
        this.machine = machine;
    }
}
