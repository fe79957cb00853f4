package dev.shadow.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in the documents is code that is compiled and run by a test. */
class DocumentedCodeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- code: (\\S+)#(\\w+) -->\\R```java\\R(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetEqualsTheRegionThatItNames() throws IOException {
        int snippets = 0;
        for (Path page : pages()) {
            Matcher snippet = SNIPPET.matcher(Files.readString(page));
            while (snippet.find()) {
                snippets++;
                assertThat(snippet.group(3).lines().toList())
                        .as("%s in %s", snippet.group(2), page)
                        .isEqualTo(region(ROOT.resolve(snippet.group(1)), snippet.group(2)));
            }
        }
        assertThat(snippets).isPositive();
    }

    @Test
    void everyLinkWithinTheDocumentsLeadsSomewhere() throws IOException {
        Pattern link = Pattern.compile("\\]\\((?!https?:|#)([^)#\\s]+)");
        for (Path page : pages()) {
            Matcher target = link.matcher(Files.readString(page));
            while (target.find()) {
                assertThat(page.resolveSibling(target.group(1)))
                        .as("link in %s", page)
                        .exists();
            }
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        pages.add(ROOT.resolve("README.md"));
        try (Stream<Path> below = Files.walk(ROOT.resolve("docs"))) {
            below.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        return pages;
    }

    /** The lines between the markers of a region, which may be interrupted, less their common indentation. */
    private static List<String> region(Path source, String name) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(source)) {
            String marker = line.strip();
            if (marker.equals("// region " + name)) {
                inside = true;
            } else if (marker.equals("// endregion")) {
                inside = false;
            } else if (inside) {
                lines.add(line);
            }
        }
        assertThat(lines).as("region %s of %s", name, source).isNotEmpty();
        return String.join("\n", lines).stripIndent().lines().toList();
    }
}
