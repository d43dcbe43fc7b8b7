"""A recurrent network made of linear layers reads a name letter by letter and says its language."""

import math
import random
import string
import unicodedata

import torch
import torch.nn as nn

# Some given names and family names of each language, listed for this program.
NAMES = {
    "Italian": "Bianchi Moretti Rinaldi Gallo Esposito Ferrara Colombo Marchetti Barone Vitale",
    "Japanese": "Tanaka Suzuki Watanabe Kobayashi Yamamoto Nakamura Ishikawa Fujita Hayashi Ogawa",
    "Polish": "Kowalski Nowak Wiśniewski Zieliński Szymański Dąbrowski Jankowski Król Wójcik Krawczyk",
    "Irish": "O'Brien O'Connor Gallagher Doherty McCarthy Kennedy Murphy O'Neill Byrne Sweeney",
}
all_letters = string.ascii_letters + " .,;'"
n_letters = len(all_letters)


def unicode_to_ascii(s):
    plain = unicodedata.normalize("NFD", s.replace("ł", "l"))
    return "".join(c for c in plain if unicodedata.category(c) != "Mn" and c in all_letters)


category_lines = {name: [unicode_to_ascii(n) for n in names.split()] for name, names in NAMES.items()}
all_categories = list(category_lines)
print(category_lines["Polish"][:4], n_letters)


def line_to_tensor(line):
    """One row per letter: <line length x 1 x n_letters>."""
    tensor = torch.zeros(len(line), 1, n_letters)
    for li, letter in enumerate(line):
        tensor[li][0][all_letters.find(letter)] = 1
    return tensor


print(line_to_tensor("Jones").size(), line_to_tensor("J").argmax().item())


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.i2h = nn.Linear(input_size + hidden_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, input, hidden):
        combined = torch.cat((input, hidden), 1)
        hidden = torch.tanh(self.i2h(combined))
        output = self.softmax(self.h2o(hidden))
        return output, hidden

    def initHidden(self):
        return torch.zeros(1, self.hidden_size)


def category_from_output(output):
    _, top_i = output.topk(1)
    category_i = top_i[0].item()
    return all_categories[category_i], category_i


def random_training_example():
    category = random.choice(all_categories)
    line = random.choice(category_lines[category])
    category_tensor = torch.tensor([all_categories.index(category)], dtype=torch.long)
    return category, line, category_tensor, line_to_tensor(line)


def evaluate(line_tensor):
    hidden = rnn.initHidden()
    for i in range(line_tensor.size()[0]):
        output, hidden = rnn(line_tensor[i], hidden)
    return output


torch.manual_seed(10)
random.seed(10)
rnn = RNN(n_letters, 32, len(all_categories))
criterion = nn.NLLLoss()
learning_rate = 0.05
current_loss = 0
for step in range(1, 401):
    category, line, category_tensor, line_tensor = random_training_example()
    rnn.zero_grad()
    output = evaluate(line_tensor)
    loss = criterion(output, category_tensor)
    loss.backward()
    nn.utils.clip_grad_norm_(rnn.parameters(), 1.0)
    for p in rnn.parameters():
        p.data.add_(p.grad.data, alpha=-learning_rate)
    current_loss += loss.item()
    if step % 80 == 0:
        guess, guess_i = category_from_output(output)
        correct = "right" if guess == category else f"wrong ({category})"
        print(f"{step} {current_loss / 80:.4f} {line} / {guess} {correct}")
        current_loss = 0

with torch.no_grad():
    confusion = torch.zeros(len(all_categories), len(all_categories))
    for index, category in enumerate(all_categories):
        for line in category_lines[category]:
            confusion[index][category_from_output(evaluate(line_to_tensor(line)))[1]] += 1
    print(confusion / confusion.sum(1, keepdim=True))
    for name in ("Kurosawa", "Mancini", "O'Malley"):
        topv, topi = evaluate(line_to_tensor(name)).topk(2, 1, True)
        for value, index in zip(topv[0], topi[0]):
            print(f"{name}: {math.exp(value.item()):.3f} {all_categories[index]}")
