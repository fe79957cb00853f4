package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.Tier;
import dev.shadow.spi.internal.Checks;
import java.util.List;

/**
 * The answer to a {@link SelectionRequest}.
 *
 * @param choices the chosen hosts in the order of activation; shorter than asked for if not every
 *     shadow could be placed
 * @param assessments for each wanted shadow in turn, what was thought of every host
 */
public record Selection(List<Choice> choices, List<List<HostAssessment>> assessments) {
    public Selection {
        choices = Checks.list("choices", choices);
        assessments = Checks.list("assessments", assessments).stream()
                .map(list -> Checks.list("assessments", list))
                .toList();
    }

    /**
     * One chosen host.
     *
     * @param order position in the request's tiers, at least 0
     * @param host the host
     * @param tier what it does not share with the primary
     */
    public record Choice(int order, HostId host, Tier tier) {
        public Choice {
            Checks.range("order", order, 0, 15);
            Checks.present("host", host);
            Checks.present("tier", tier);
        }
    }
}
