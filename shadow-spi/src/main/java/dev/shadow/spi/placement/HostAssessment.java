package dev.shadow.spi.placement;

import dev.shadow.spi.HostId;
import dev.shadow.spi.internal.Checks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a selector thinks of one host.
 *
 * @param host the host
 * @param rejections every condition that does not hold; empty if the host can be used
 * @param scores each criterion's score from 0 (worst) to 1 (best), by name; empty if rejected
 * @param total weighted mean of the scores, 0 to 1; 0 if rejected
 */
public record HostAssessment(HostId host, List<Rejection> rejections, Map<String, Double> scores, double total) {
    public HostAssessment {
        Checks.present("host", host);
        rejections = Checks.list("rejections", rejections);
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(Checks.present("scores", scores)));
        scores.forEach((name, score) -> Checks.range("scores." + name, score, 0, 1));
        Checks.range("total", total, 0, 1);
    }

    /** Says whether the host can be used. */
    public boolean isFeasible() {
        return rejections.isEmpty();
    }
}
