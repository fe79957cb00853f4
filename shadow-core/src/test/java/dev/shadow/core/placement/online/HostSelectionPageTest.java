package dev.shadow.core.placement.online;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.core.ShadowManager;
import dev.shadow.core.ShadowManagerBuilder;
import dev.shadow.spi.placement.HostSelector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/host-selection.md} true. */
class HostSelectionPageTest {
    private static ShadowManagerBuilder example() {
        // docs:begin
        HostSelector selector = CheapestHostSelector.builder()
                .hostFailures(2)
                .filter(c ->
                        c.host().dataSets().contains("quarantine") ? Optional.of("in quarantine") : Optional.empty())
                .score("dataDistance", 2, HostScores.dataDistance())
                .build();
        ShadowManagerBuilder manager = ShadowManager.builder().hostSelector(selector);
        // docs:end
        return manager;
    }

    @Test
    void exampleOnThePageIsTheCompiledOne() throws Exception {
        assertThat(example()).isNotNull();
        String source = Files.readString(Path.of(
                "src/test/java/dev/shadow/core/placement/online", getClass().getSimpleName() + ".java"));
        String region = source.substring(source.indexOf("// docs:begin\n") + 14, source.indexOf("// docs:end"));
        String page = Files.readString(Path.of("..", "docs", "host-selection.md"));
        assertThat(words(page)).contains(words(region));
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", "");
    }
}
