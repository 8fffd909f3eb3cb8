// The two forms beside the chat. What they send is a goal in words, as anybody could type it.

export class Forms {
  constructor(begin, mayAct) {
    for (const kind of ['validate', 'build']) {
      const dialog = document.getElementById(kind);
      const form = dialog.querySelector('form');
      document.querySelectorAll(`[data-form=${kind}]`).forEach((button) => {
        button.disabled = !mayAct;
        button.addEventListener('click', () => dialog.showModal());
      });
      dialog.querySelector('[data-close]').addEventListener('click', () => dialog.close());
      dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
      form.addEventListener('submit', () => begin(goal(kind, new FormData(form))));
    }
  }

  // An address of its own for each form, to link to.
  openFor(place) {
    const dialog = document.getElementById(place);
    if (dialog?.matches('.sheet-dialog') && !dialog.open) dialog.showModal();
  }
}

function goal(kind, told) {
  const id = String(told.get('id')).trim();
  if (kind === 'validate') return `Validate ${id}`;
  const hardware = told.get('hardware');
  return `Build a Space for ${id}${hardware ? ` on the hardware ${hardware}` : ''}`;
}
